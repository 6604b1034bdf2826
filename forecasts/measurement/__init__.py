"""Measurement models: from success counts by task to time horizons with their uncertainty."""
