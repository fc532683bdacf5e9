"""What each moment of an event allows."""
