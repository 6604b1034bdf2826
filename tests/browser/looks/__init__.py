"""How the pages look: on phones and desks, in light and dark, and on contact sheets."""
