"""Who is invited, what they answered, who has a place, and what they told for it."""
