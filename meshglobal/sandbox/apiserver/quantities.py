"""Kubernetes quantities (`500m`, `1Gi`, `2e3`): their value, and the one way to write each."""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal

_PATTERN = re.compile(r"^([+-]?(?:\d+\.?\d*|\.\d+))((?:[numkMGTPE]|[KMGTPE]i)?|[eE][+-]?\d+)$")
_BINARY = {suffix: Decimal(1024**power) for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), start=1)}
_DECIMAL = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    "k": Decimal("1e3"),
    "M": Decimal("1e6"),
    "G": Decimal("1e9"),
    "T": Decimal("1e12"),
    "P": Decimal("1e15"),
    "E": Decimal("1e18"),
}
_SMALLEST = Decimal("1e-9")


def quantity(text: str) -> Decimal:
    """The value of a quantity; ValueError if it is not one."""
    number, suffix = _parts(text)
    if suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix not in _BINARY:
        return Decimal(number + suffix)
    return Decimal(number) * _BINARY.get(suffix, _DECIMAL.get(suffix, Decimal(1)))


def canonical(text: str) -> str:
    """The quantity as the API server writes it: `0.5` -> `500m`, `1024Mi` -> `1Gi`, `1000m` -> `1`."""
    _, suffix = _parts(text)
    value = quantity(text).quantize(_SMALLEST, rounding=ROUND_UP)
    if not value:
        return "0"
    if suffix in _BINARY and value == value.to_integral_value() and abs(value) >= _BINARY["Ki"]:
        return _largest(value, {"": Decimal(1), **_BINARY})
    if suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix not in _BINARY:
        return _exponent(value)
    return _largest(value, _DECIMAL)


def _parts(text: str) -> tuple[str, str]:
    if not (match := _PATTERN.match(text)):
        raise ValueError(f"no quantity: {text!r}")
    return match[1], match[2]


def _largest(value: Decimal, units: dict[str, Decimal]) -> str:
    for suffix, unit in reversed(units.items()):
        if (scaled := value / unit) == scaled.to_integral_value():
            return f"{int(scaled)}{suffix}"
    return format(value, "f")


def _exponent(value: Decimal) -> str:
    exponent = 0
    while value % 1000 == 0:
        value, exponent = value / 1000, exponent + 3
    return f"{int(value)}e{exponent}" if exponent else _largest(value, _DECIMAL)
