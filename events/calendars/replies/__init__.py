"""Answers that calendars send by themselves (iMIP)."""
