"""What an official letter carries: reference number, date, who signs, or the signed letter itself."""
