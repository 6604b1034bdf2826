"""Stores of the briefings, with decisions and with something nasty wherever people can write, for what goes out too."""

from tests.scorecard.briefings.conftest import decided, hostile

__all__ = ["decided", "hostile"]
