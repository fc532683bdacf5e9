"""What the participant tells."""
