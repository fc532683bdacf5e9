"""What people may ask about their data, and how long it is kept."""
