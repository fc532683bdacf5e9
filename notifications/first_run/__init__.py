"""The first account and project of an installation that has none, and what it still lacks."""
