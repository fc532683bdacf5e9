"""The list of participants, said to members of the project again and again: a link that takes signing in."""
