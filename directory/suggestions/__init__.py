"""What a field offers while somebody types a name, and whom that name means."""
