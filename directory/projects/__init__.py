"""Grants: their papers, funding statement and shares."""
