"""Network: segments and their domains (4xx)."""
