"""Calendar entries by mail and feeds to subscribe to."""
