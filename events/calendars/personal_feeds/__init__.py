"""A person's own calendar to subscribe to."""
