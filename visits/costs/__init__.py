"""What travel costs: the unit cost of the European Union by distance."""
