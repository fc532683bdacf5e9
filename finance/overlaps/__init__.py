"""People who are at another event on the same days."""
