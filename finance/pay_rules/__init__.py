"""By which rules a project pays."""
