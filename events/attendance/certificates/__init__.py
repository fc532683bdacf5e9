"""Certificates of attendance: issued with a number, verified by their code."""
