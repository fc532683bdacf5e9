"""Legs in the calendars of those who travel."""
