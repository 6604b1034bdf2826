"""The record: build it, read it, look at it, check it."""

PLACE = 1
