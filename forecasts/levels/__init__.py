"""The level of the leading systems: a local trend through all leading readings, each at it or below it."""
