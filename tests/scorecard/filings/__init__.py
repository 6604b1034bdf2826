"""Filings: what must be filed, by whom and when, and how far it is."""
