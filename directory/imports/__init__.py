"""Lists that come as files: people, institutions, rates. Read, repaired, previewed, imported and taken back."""
