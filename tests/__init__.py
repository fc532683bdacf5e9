"""The specification, run on real databases, a real Redis, a real mail server and a real browser."""
