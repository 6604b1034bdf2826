"""What every page has: frame, cached reads of the record, who is here, charts, downloads, long work."""
