"""One step for many people of the roster."""
