"""What a project has said in one of its languages only: titles, positions, names."""
