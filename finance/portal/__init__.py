"""The participant's own page of money: how they are paid, and what they paid themselves."""
