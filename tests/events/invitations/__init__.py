"""Invitations, through the public interface."""
