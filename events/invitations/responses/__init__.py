"""What people say to an invitation, and what becomes of it."""
