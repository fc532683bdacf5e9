"""From where a project pays, and how its bank list and books look."""
