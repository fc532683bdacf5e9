"""Reporting, through the public interface."""
