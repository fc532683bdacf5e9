"""Transfers as entries of their passengers' calendars."""
