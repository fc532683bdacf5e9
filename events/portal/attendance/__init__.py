"""Saying on one's own page that one is there."""
