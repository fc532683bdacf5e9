"""Bookings that somebody uploads: kept, read, shown as proposals, taken over by a click."""
