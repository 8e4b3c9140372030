"""Label selectors as an API server takes them: ``a=b,c!=d,e,!f,g in (x,y),h notin (z),i>5``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Labels = Mapping[str, str]
Requirement = Callable[[Labels], bool]

_KEY = r"(?P<key>[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)"
_VALUE = r"(?P<value>([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?)"
_IN = re.compile(rf"{_KEY}\s+(?P<sign>in|notin)\s*\((?P<values>[-A-Za-z0-9_.,\s]*)\)")
_EQUAL = re.compile(rf"{_KEY}\s*(?P<sign>==|=|!=)\s*{_VALUE}")
_THAN = re.compile(rf"{_KEY}\s*(?P<sign>[<>])\s*(?P<value>-?\d+)")
_THERE = re.compile(rf"(?P<sign>!?)\s*{_KEY}")
_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^(]*\))")
_WHOLE = re.compile(r"-?\d+")


class IllegibleSelectorError(ValueError):
    """A selector that means nothing."""


def requirements_of(selector: str) -> Requirement:
    """Whether labels meet every requirement of a selector.

    Raises:
        IllegibleSelectorError: it is none.
    """
    all_of = [_requirement(part.strip()) for part in _COMMA_OUTSIDE_PARENTHESES.split(selector)]
    return lambda labels: all(meets(labels) for meets in all_of)


def _requirement(text: str) -> Requirement:
    if (found := _IN.fullmatch(text)) is not None:
        return _among(found["key"], {value.strip() for value in found["values"].split(",")}, found["sign"] == "in")
    if (found := _EQUAL.fullmatch(text)) is not None:
        return _among(found["key"], {found["value"]}, found["sign"] != "!=")
    if (found := _THAN.fullmatch(text)) is not None:
        return _compared(found["key"], int(found["value"]), found["sign"] == ">")
    if (found := _THERE.fullmatch(text)) is not None:
        key, is_wanted = found["key"], not found["sign"]
        return lambda labels: (key in labels) == is_wanted
    raise IllegibleSelectorError(f"cannot be understood at {text!r}")


def _among(key: str, values: set[str], is_wanted: bool) -> Requirement:  # noqa: FBT001 - which of two opposite signs
    return lambda labels: (labels.get(key) in values) == is_wanted


def _compared(key: str, bound: int, is_greater: bool) -> Requirement:  # noqa: FBT001 - which of two opposite signs
    def meets(labels: Labels) -> bool:
        text = labels.get(key, "")
        return bool(_WHOLE.fullmatch(text)) and (int(text) > bound if is_greater else int(text) < bound)

    return meets
