"""One content for every format: what a briefing says, built from the record; figures with their traces."""
