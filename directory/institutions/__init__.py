"""The tree of bodies that send people."""
