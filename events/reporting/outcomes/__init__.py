"""What came of an event: key messages, recommendations, and who does what until when."""
