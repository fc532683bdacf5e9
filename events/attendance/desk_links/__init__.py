"""Links that make a telephone or tablet a check-in desk, without an account, and the devices they let in."""
