"""The participant's own page and API."""
