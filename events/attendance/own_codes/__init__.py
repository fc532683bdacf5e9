"""The code by which participants of an online event say that they are there."""
