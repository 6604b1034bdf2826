"""Whoever comes from outside: other pages, other machines, proxies, and what they wrote."""
