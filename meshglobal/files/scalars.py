"""What a word without quotes means in YAML, as kubectl takes it: text, a number, true or false, or nothing."""

from __future__ import annotations

import re

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_YES = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_NO = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d{0,18})")
_BASED = re.compile(r"0x[0-9a-fA-F]{1,16}|0o?[0-7]{1,21}")

Scalar = str | int | float | bool | None


def scalar_of(text: str) -> Scalar:
    """The value of a plain scalar. Dates stay text, as in JSON."""
    if text in _NOTHING:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text.removeprefix("0x"), 16) if text.startswith("0x") else int(text.lstrip("0o") or "0", 8)
    return float(text) if _NUMBER.fullmatch(text) else text
