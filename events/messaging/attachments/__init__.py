"""Documents of one person's that go with a mail: made when it leaves, never kept."""
