"""What people agree to, what is kept about them, and how it ends."""
