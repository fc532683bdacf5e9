"""Sending somebody else: by the rule of the event, with the organiser's approval where it asks for it, and back."""
