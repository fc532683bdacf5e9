"""Who needs a visa for where, as the organiser states it with source and day."""
