"""Who is concerned when something of a journey changes."""
