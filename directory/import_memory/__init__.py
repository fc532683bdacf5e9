"""What a project remembers of how its lists are written."""
