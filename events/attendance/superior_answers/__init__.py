"""What superiors answer by the link that they are mailed."""
