"""Setting off what is taken back against what was not paid yet."""
