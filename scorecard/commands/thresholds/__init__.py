"""Thresholds: how they are measured, what guards them, what was promised and predicted."""

PLACE = 3
