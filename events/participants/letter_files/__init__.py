"""Files of many letters, made by a job and kept for some days."""
