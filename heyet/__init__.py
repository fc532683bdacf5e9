"""The application, its command line, the worker and the demo. Knows everyone; nobody knows it."""
