"""Calendars that are subscribed to, and answers that come from them."""
