"""Checking people in: scans of one or more desks, merged by when they happened."""
