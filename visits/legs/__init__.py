"""Legs of a delegation: who travels by what, from where to where, and when."""
