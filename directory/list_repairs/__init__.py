"""Repairs of what lists say: names in capitals, titles, several addresses in a cell."""
