"""How many eat what at which meal."""
