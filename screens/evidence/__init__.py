"""Evidence on the screen: readings, systems, sources, adjustments, and what comes in."""
