"""Attendance, through the public interface."""
