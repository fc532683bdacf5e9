"""What a visit costs: planned, booked and spent, by heading and person, beside its budget."""
