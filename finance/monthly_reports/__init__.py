"""What was approved and paid in a month, by mail to people without accounts."""
