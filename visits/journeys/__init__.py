"""Journeys: all legs, nights and documents of one traveller, and what the checks say of them."""
