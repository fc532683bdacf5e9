"""Who gets a place that becomes free."""
