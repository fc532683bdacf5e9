"""The traveller's own pages: how they travel, and what the visit needs to know."""
