"""Brings due messages to the relay or the local mailbox."""
