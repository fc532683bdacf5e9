"""When people left home or their duty station, and when they were back."""
