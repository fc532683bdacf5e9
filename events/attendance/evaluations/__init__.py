"""What people say about an event, and tests before and after it."""
