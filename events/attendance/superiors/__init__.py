"""Superiors of those who attended: whom an evaluation asks some months later what came of it."""
