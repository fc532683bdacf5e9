"""The list of attendees that Zoom, Teams or Webex writes, as a source of attendance."""
