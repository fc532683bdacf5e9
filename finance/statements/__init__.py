"""What one person is paid, and how it comes to that."""
