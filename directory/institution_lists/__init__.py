"""Institutions and their focal points from a file: what the list means, added and taken back."""
