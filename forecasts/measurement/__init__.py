"""Measurement models: results by task to time horizons, scores by benchmark to one index, with their uncertainty."""
