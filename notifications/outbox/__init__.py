"""Messages that are enqueued to people, written in the transaction that causes them."""
