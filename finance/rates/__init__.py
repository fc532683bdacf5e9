"""Rates that per diems are paid at, as published lists say them."""
