"""Signed sheets that come back as scans or photographs, read cell by cell."""
