"""Hotels of a visit: what they promised, and the rooms in them."""
