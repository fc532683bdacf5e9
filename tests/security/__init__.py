"""What an attacker who knows the code gets: nothing."""
