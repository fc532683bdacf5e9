"""What everything else stands on. No module here may contain a noun of the domain."""
