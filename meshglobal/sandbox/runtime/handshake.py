"""What the serving process tells the one that started it."""

from __future__ import annotations

import msgspec


class Handshake(msgspec.Struct):
    """Said once, as JSON on a pipe: the sandbox is ready (no error), or why it cannot be."""

    error: str = ""
    hint: str = ""
    is_asked_wrong: bool = False
