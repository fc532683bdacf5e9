"""Nominations, through the public interface."""
