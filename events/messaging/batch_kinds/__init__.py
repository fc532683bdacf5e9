"""What batches of mails about events are called, and what is asked before they leave."""
