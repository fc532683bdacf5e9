"""Keeps travellers told: what each was told of their journey last, and mails to those whose own journey differs."""
