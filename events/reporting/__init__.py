"""Figures of a project and its events."""
