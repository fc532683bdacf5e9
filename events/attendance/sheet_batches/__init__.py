"""Sign-in sheets of several events in one go."""
