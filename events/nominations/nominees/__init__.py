"""The names that institutions gave for an event, and what the organiser decides about them."""
