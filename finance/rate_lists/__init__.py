"""Rates from a file: how the list is read, and the pending table that it becomes."""
