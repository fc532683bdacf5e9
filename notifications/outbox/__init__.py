"""Messages that are owed to people, written in the transaction that causes them."""
