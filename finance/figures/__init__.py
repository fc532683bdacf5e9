"""What approved sheets come to, by component, month, kind and event."""
