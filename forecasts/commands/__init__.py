"""The commands of `python -m forecasts`, an area a file; each file's `app` is found and joined."""
