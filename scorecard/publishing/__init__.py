"""The public site: what a public reader may have of one day's record, as files for any host."""
