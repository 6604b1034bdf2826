"""How fast the parts are, each against a named baseline measured in the same run."""
