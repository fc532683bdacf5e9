"""What is asked before mails about an event leave, and what follows where they are discarded."""
