"""Study visits on top of events: nights and itineraries."""
