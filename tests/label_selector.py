"""Label selectors as kubectl writes them: ``a=b,c!=d,e,!f,g in (x,y),h notin (z)``."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SET_BASED = re.compile(r"(?P<key>\S+)\s+(?P<operator>in|notin)\s+\((?P<values>[^)]*)\)")
_EQUALITY = re.compile(r"(?P<key>[^!=\s]+)\s*(?P<operator>==|=|!=)\s*(?P<value>\S*)")
_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^(]*\))")


def matches(selector: str, labels: Mapping[str, str]) -> bool:
    """Whether the labels meet every requirement of the selector; an empty selector is met by all."""
    requirements = _COMMA_OUTSIDE_PARENTHESES.split(selector) if selector else []
    return all(_meets(requirement.strip(), labels) for requirement in requirements)


def _meets(requirement: str, labels: Mapping[str, str]) -> bool:
    if (found := _SET_BASED.fullmatch(requirement)) is not None:
        among = labels.get(found["key"]) in [value.strip() for value in found["values"].split(",")]
        return among == (found["operator"] == "in")
    if (found := _EQUALITY.fullmatch(requirement)) is not None:
        return (labels.get(found["key"]) == found["value"]) == (found["operator"] != "!=")
    return labels.get(requirement[1:]) is None if requirement.startswith("!") else requirement in labels
