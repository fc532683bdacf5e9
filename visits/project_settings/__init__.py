"""The numbers that a project's journeys are checked by."""
