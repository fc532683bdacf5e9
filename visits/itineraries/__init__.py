"""Everybody's way through a visit: one timeline a person, one a day for the group, and who is where."""
