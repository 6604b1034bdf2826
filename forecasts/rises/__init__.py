"""The rise process: a record is beaten at moments of a renewal process, each time by a random step."""
