"""What a project says in its own words."""
