"""Charts: where names stand, and what can be told apart."""
