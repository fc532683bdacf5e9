"""What follows a place in a delegation to a substitute, and what becomes a task."""
