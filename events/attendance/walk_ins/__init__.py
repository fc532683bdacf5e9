"""Who comes without a place and is added at the desk."""
