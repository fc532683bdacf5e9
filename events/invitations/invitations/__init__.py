"""The question to each person, the personal link, and the mails around them."""
