"""Names as passports and tickets spell them, the machine-readable zone, and how long a passport has to last."""
