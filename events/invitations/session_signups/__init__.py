"""Sessions with places of their own, and who chose them."""
