"""Briefings: what the board reads, its pictures, its commentary and its duties."""

PLACE = 5
