"""How many fit: in the event, of a category, of an institution."""
