"""How much is paid, one module for each rule."""
