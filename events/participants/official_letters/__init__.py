"""Letters on the project's letter-head: participation and thanks to institutions, support of a visa application."""
