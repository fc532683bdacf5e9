"""The participant’s own page: what it shows."""
