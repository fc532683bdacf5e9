"""Looking at many events at once: lists, month, year, provinces, and a project against its plan."""
