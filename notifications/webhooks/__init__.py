"""Tells other programs what happened in a project."""
