"""Meetings of every kind: programme, nominations, invitations, registrations, attendance, calendars."""
