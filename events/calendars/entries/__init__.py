"""What stands in a calendar: events, sessions, deadlines, and what packages above add."""
