"""Subscribing to one’s calendar."""
