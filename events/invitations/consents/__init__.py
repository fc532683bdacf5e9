"""What people agree to, each purpose apart, with the words and the moment."""
