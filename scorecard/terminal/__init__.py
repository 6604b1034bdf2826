"""How commands meet a terminal: shared options, printing, progress."""
