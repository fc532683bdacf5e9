"""Looking at mails that wait, changing, sending and discarding them."""
