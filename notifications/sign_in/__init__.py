"""The mailed link that signs an account in once."""
