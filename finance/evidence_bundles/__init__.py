"""All documents behind a sheet as one file that a stranger can verify."""
