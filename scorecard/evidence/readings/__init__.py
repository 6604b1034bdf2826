"""Which published value counts, and what can be asked of readings: vintages, adjustments, ranks, dependents, stages."""
