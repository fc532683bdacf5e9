"""Checking, approving, returning, recalling and closing a sheet, and what is said about it."""
