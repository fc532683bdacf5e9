"""Strangers: asking for a place on the public page, and links that got lost."""
