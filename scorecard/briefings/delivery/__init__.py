"""Briefings that go out: notices of what changed, filings of a developer, calendars."""
