"""How the mail is doing, for who has to mend it."""
