"""Who speaks where, what clashes, and the programme as it was published."""
