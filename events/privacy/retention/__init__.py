"""How long what people told is kept, who hears before it is forgotten, and what may stop that."""
