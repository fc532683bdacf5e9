"""Hiding small numbers in tables that count the same people."""
