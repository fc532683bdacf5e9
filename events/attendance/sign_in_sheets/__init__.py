"""The sign-in sheet and who was there."""
