"""Stories from end to end."""
