"""The yes and the no: places, the waiting list, and what a participant tells us."""
