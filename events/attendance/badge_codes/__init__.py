"""The code by which each participant is known at the desk."""
