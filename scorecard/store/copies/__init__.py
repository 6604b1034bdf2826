"""Copies of the whole record: backups with a manifest, their restoring, how long they are kept, what is swept."""
