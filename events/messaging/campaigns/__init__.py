"""Writing to many people of an event at once."""
