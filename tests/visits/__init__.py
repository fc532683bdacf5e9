"""Study visits."""
