"""Money that people give back."""
