"""Numbers that may be percentages: `maxSurge: 25%`, `minAvailable: 1`."""

from __future__ import annotations

import math


def scaled(value: int | str, total: int, *, rounds_up: bool) -> int:
    """Return a number, or a percentage of `total`, as a whole number."""
    if isinstance(value, int):
        return value
    share = int(value.removesuffix("%")) * total / 100
    return math.ceil(share) if rounds_up else math.floor(share)
