"""Hotel bookings that were read, beside the nights that are entered, and taking them over."""
