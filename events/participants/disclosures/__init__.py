"""What is sensitive, opened with a reason."""
