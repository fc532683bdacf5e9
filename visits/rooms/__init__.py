"""Who sleeps in which room, with whom."""
