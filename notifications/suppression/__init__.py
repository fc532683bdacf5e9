"""Addresses and people that get no mail, or no bulk mail, and why."""
