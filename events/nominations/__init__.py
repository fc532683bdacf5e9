"""How people come to be named: by institutions, from lists, on a public page."""
