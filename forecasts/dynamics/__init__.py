"""The self-improvement loop, error compounding and the automation of staff: assumptions made explicit, not fits."""
