"""Taking out what has been kept long enough, a few rows at a time."""
