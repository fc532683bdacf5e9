"""What a visit is for, who leads the delegation, and whom it meets; the lists that hosts and borders ask for."""
