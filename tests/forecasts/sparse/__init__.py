"""Tests of the level with a pace."""
