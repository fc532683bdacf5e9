"""One’s own account: ways in, sessions, two-step verification."""
