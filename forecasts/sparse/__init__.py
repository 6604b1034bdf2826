"""One or two readings: a level with a pace that like indicators taught."""
