"""What approved sheets pay without its evidence."""
