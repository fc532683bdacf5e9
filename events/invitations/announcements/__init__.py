"""Keeping people told of what moves."""
