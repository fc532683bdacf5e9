"""Bookings read out of what vendors send: mails, pages, calendar entries, passes, bar codes. Always a proposal."""
