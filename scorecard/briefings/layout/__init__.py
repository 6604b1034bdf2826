"""What several formats share: parts, slides, sheets, glyphs and archives with the same bytes every time."""
