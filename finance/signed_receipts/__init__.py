"""Receipts that people sign on their screen."""
