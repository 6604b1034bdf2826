"""Forecasts exchanged as a hub keeps them (hubverse.io): ours out, others' in, all scored by one rule."""
