"""Nights: where people sleep and who pays the bed."""
