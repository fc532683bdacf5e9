"""Transfers: when a vehicle takes people to a departure or fetches them, and how many vehicles it takes."""
