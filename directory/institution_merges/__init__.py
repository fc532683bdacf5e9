"""Two records of one institution: found, merged, and taken apart again."""
