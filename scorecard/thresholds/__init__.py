"""Frameworks and their thresholds: which are in force, their status with its reason, and the scorecard's rows."""
