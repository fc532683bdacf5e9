"""The per-diem sheet of an event: worked out, submitted and approved."""
