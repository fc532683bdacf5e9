"""Measurements against floors in the same run. A floor is code that does the least any program could."""
