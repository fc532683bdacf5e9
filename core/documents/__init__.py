"""Documents and tables: PDF to print, spreadsheets to fill and to read."""
