"""Every indicator of a run in shared worlds, and what is said of each in its own unit."""
