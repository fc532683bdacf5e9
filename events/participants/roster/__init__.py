"""Everybody on the list of an event: finding, choosing, acting on many at once."""
