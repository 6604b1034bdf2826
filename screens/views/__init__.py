"""The views that a page shows under its tabs, a file each: `draw(frame)` reads top to bottom and computes nothing."""
