"""People and the bodies they work for."""
