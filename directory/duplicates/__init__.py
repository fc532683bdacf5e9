"""Two records of one person: found, merged, and taken apart again."""
