"""Who said yes, and what they tell us for the event."""
