"""Legal texts, translations, presentations of an event."""
