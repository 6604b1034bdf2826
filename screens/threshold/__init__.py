"""One threshold on the screen: its answer, safeguards and decisions."""
