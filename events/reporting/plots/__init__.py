"""What plots show: answers over time and by group, attendance by session, provinces. Numbers only; pages draw them."""
