"""Everybody’s nights on one page, and entering them for several people."""
