"""Steps of an event as a whole: its state, copies of it, series, postponing."""
