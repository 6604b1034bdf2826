"""The scorecard's first screen: the nearest threshold and why, what changed, how sure; and the sorted picture."""
