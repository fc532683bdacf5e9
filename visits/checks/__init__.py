"""What is wrong with somebody's travel: connections, durations, nights, sessions."""
