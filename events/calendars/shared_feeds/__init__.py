"""Calendars that are not one person's registrations: of a project, a component, an event, a room, somebody's
sessions."""
