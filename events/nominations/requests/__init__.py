"""Institutions name people: the letter, the quota, and who was named."""
