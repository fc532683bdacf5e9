"""What is known of a journey, as the rules of per diems take it."""
