"""The files of a per-diem sheet: spreadsheet, cash list, receipts and table, from plain values."""
