"""Whom participants bring along."""
