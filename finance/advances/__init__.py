"""What was paid to people before they travel or on the spot: it comes off what they are due."""
