"""Who and for what: projects, organisations, people, accounts and roles. Knows no event."""
