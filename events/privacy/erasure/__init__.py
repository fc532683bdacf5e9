"""Erasing people: at once from what is theirs, by a job from what others wrote."""
