"""The app in a real Chromium: first start, every screen, and the three users' main things end to end."""
