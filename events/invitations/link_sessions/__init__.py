"""Who holds a mailed link may answer; who reads the owner's mail may see what was told."""
