"""Calendars, through the public interface."""
