"""What an organiser asks beside the usual, and what people answered."""
