"""Forecast runs: what is known on a day, planned, fitted, assembled, stored, and asked about."""
