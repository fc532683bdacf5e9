"""Mails that go by themselves, relative to an event's dates."""
