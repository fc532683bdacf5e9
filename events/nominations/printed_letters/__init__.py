"""The letters to institutions that cannot be written to by mail, to be printed in one go."""
