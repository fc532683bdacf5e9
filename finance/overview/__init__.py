"""What waits for those who pay, over all events and projects."""
