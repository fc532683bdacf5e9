"""How long a place that became free is kept for the first who waits, at an event and in a session."""
