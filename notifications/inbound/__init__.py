"""Mail that comes back: reports of mail servers, answers of calendars, and what nobody understands."""
