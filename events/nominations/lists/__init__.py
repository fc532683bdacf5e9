"""Lists of people that institutions name: read, previewed, applied, undone."""
