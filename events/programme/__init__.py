"""Events, their sessions, and what becomes of them."""
