"""Paying approved sheets: batches, what a bank gets, and what came of it."""
