"""Who was there: what every source says of each half-day, and what counts."""
