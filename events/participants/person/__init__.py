"""One person on the roster, from all sides."""
