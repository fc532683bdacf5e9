"""What finance needs to pay one person: how, to which account, and by which grade and home."""
