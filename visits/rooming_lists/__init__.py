"""What the hotel is sent: who comes when, in which room, and what changed."""
