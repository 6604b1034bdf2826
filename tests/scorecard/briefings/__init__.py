"""Briefings: charts, content and exporters."""
