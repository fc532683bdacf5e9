"""Tells organisers once a day what changed, instead of a mail for each thing."""
