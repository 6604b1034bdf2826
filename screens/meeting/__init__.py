"""Meetings on the screen: agenda and minutes, proposals, the log of decisions."""
