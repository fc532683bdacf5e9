"""What a traveller tells for a visit abroad: wishes, passport, visa, insurance."""
