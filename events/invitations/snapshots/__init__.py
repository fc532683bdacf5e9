"""What people were told of an event, so that the next mail can say what changed since."""
