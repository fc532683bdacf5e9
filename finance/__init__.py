"""What is paid: rates, rules and sheets."""
