"""Outbox, delivery and background work. Is handed composed messages; knows no event."""
