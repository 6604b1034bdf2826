"""The record: what is known, required and decided. Everything here can be checked with a pencil."""
