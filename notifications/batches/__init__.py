"""Mails that are written together and wait to be sent together."""
