"""One person's way through a visit."""
