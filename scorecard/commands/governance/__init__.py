"""Governance: meetings, decisions, signatures, what the organisation's own experts expect."""

PLACE = 4
