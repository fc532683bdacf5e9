"""Mail that organisers have written to many, and what goes with it."""
