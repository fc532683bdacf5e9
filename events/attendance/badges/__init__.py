"""Name badges and table cards to print."""
