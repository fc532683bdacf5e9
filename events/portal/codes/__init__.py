"""The participant's own page: proving that one is the owner of a link."""
