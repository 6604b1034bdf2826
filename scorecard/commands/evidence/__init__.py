"""Evidence: bring results in, take tables out, say what a reading or a name should be."""

PLACE = 2
