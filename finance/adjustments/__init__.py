"""What finance adds to or takes off what somebody is paid, by hand and with a reason."""
