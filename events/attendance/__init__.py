"""Evidence of who was there."""
