"""Entering attendance from scans, after somebody has looked at them."""
