"""Random parts of names, from letters that make no words."""

import secrets

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_LONGEST_BASE = 58


def random_suffix(length: int = 5) -> str:
    """Return so many random letters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def generated_name(base: str) -> str:
    """Return `base` and five random letters, as generateName asks for."""
    return base[:_LONGEST_BASE] + random_suffix()
