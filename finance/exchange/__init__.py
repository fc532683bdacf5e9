"""Exchange rates that a project may use: where they are from, which day counts, and what was imported."""
