"""What comes from outside, and what goes out: the layer before the app, and files made of a poisoned record."""
