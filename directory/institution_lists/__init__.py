"""Many institutions as one table, saved in one step."""
