"""The organiser’s decisions about one invitation."""
