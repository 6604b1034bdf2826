"""Where things stand in a chart: names beside their marks, and what happened along a time axis."""
