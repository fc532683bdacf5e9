"""What has to be done for a visit, by whom and until when."""
