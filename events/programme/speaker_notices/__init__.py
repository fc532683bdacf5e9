"""Keeps those who have a part in a session told: speakers, moderators, interpreters."""
