"""Changes of the database, one folder for all packages; each file says why it is safe."""
