"""The pod-template-hash: a short name for one pod template, the same each time it comes back.

The letters are those that Kubernetes uses for generated names. The number behind them is ours: the real one is
taken from the memory layout of a Go struct.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def template_hash(template: JSON, collisions: int = 0) -> str:
    """Return the hash of a pod template; another one after each collision of names."""
    canonical = json.dumps([template, collisions], sort_keys=True, separators=(",", ":"))
    number = zlib.crc32(canonical.encode())
    return "".join(_LETTERS[ord(digit) % len(_LETTERS)] for digit in str(number))
