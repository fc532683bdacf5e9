"""Events and their sessions."""
