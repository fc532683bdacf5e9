"""Grants: their details, funding statement and shares."""
