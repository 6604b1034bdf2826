"""Measurement models: from counts by task, or scores by benchmark, to horizons and an index with uncertainty."""
