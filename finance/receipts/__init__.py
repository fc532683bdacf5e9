"""What people paid themselves: receipts claimed, accepted or refused, and the most that a project pays of them."""
