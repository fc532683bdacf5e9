"""A programme that was written elsewhere, pasted as text: shown line by line, then taken over, and taken back."""
