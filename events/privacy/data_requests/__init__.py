"""What people may see, correct and have erased of what is kept about them."""
