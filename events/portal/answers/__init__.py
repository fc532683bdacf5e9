"""Accepting, declining, tentative, and naming a substitute."""
