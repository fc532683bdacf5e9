"""What waits for those who plan events."""
