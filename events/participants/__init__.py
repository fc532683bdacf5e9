"""The roster of an event, steps for many on it, and one person from all sides."""
