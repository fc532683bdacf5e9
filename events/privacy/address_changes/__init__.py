"""Somebody changes their own e-mail address, confirmed from the old mailbox and from the new one."""
