"""The files of drafts and sheets."""
