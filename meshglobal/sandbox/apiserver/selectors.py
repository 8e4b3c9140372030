"""Label and field selectors: parsing them, with the real server's complaints, and matching objects.

A label selector is a list of requirements joined by commas: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`,
`a`, `!a`, `a>1`, `a<1`. A field selector knows `=`, `==` and `!=`, and only fields that its resource offers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.names import key_problems, value_problems
from meshglobal.sandbox.apiserver.objects import JSON, metadata

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource

Matcher = Callable[[JSON], bool]

_TOKEN = re.compile(r"\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)")
_PUNCTUATION = ("==", "!=", "=", "!", "(", ")", ",", "<", ">")
_NO_REQUIREMENT = ("", "==", "!=", "=", "(", ")", ",", "<", ">")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label; operators are =, !=, in, notin, exists, !, gt, lt."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Say whether an object with these labels meets the requirement."""
        value = labels.get(self.key)
        match self.operator:
            case "=" | "in":
                return value in self.values
            case "!=" | "notin":
                return value not in self.values
            case "exists":
                return value is not None
            case "!":
                return value is None
        return _compares(value, self.operator, self.values[0])


def _compares(value: str | None, operator: str, bound: str) -> bool:
    if value is None or not (value.lstrip("-").isdigit() and bound.lstrip("-").isdigit()):
        return False
    return int(value) > int(bound) if operator == "gt" else int(value) < int(bound)


class _Tokens:
    """The words of a label selector, one ahead."""

    def __init__(self, text: str) -> None:
        self._left = [match[1] for match in _TOKEN.finditer(text)]

    def peek(self) -> str:
        return self._left[0] if self._left else ""

    def take(self) -> str:
        return self._left.pop(0) if self._left else ""


def parse_labels(text: str) -> tuple[Requirement, ...]:
    """Return the requirements of a label selector; raises ApiError (400)."""
    tokens = _Tokens(text)
    found: list[Requirement] = []
    while tokens.peek():
        found.append(_requirement(tokens))
        separator = tokens.take()
        if separator not in ("", ","):
            raise problems.bad_request(f"found '{separator}', expected: ',' or 'end of string'")
        if separator and tokens.peek() in _NO_REQUIREMENT:
            raise problems.bad_request(f"found '{tokens.peek()}', expected: identifier after ','")
    return tuple(found)


def _requirement(tokens: _Tokens) -> Requirement:
    first = tokens.take()
    if first == "!":
        return Requirement(_checked_key(tokens.take()), "!")
    if first in _PUNCTUATION:
        raise problems.bad_request(f"found '{first}', expected: !, identifier, or 'end of string'")
    key = _checked_key(first)
    operator = tokens.peek()
    if operator in ("", ","):
        return Requirement(key, "exists")
    tokens.take()
    match operator:
        case "=" | "==" | "!=":
            return Requirement(key, "!=" if operator == "!=" else "=", (_one_value(key, tokens),))
        case "<" | ">":
            return Requirement(key, "gt" if operator == ">" else "lt", (_one_value(key, tokens),))
        case "in" | "notin":
            return Requirement(key, operator, _values(key, tokens))
    expected = "in, notin, =, ==, !=, gt, lt"
    raise problems.bad_request(f"unable to parse requirement: found '{operator}', expected: {expected}")


def _one_value(key: str, tokens: _Tokens) -> str:
    if tokens.peek() in ("", ","):
        return ""
    value = tokens.take()
    if value in _PUNCTUATION:
        raise problems.bad_request(f"unable to parse requirement: found '{value}', expected: identifier")
    return _checked_value(key, value)


def _values(key: str, tokens: _Tokens) -> tuple[str, ...]:
    opening = tokens.take()
    if opening != "(":
        raise problems.bad_request(f"unable to parse requirement: found '{opening}' expected: '('")
    values: list[str] = [""]
    while (word := tokens.take()) != ")":
        if not word:
            raise problems.bad_request("unable to parse requirement: found '', expected: ',' or ')'")
        if word == ",":
            values.append("")
        else:
            values[-1] = _checked_value(key, word)
    return tuple(values)


def _checked_key(key: str) -> str:
    for rule in key_problems(key):
        raise problems.bad_request(f'unable to parse requirement: <nil>: Invalid value: "{key}": {rule}')
    return key


def _checked_value(key: str, value: str) -> str:
    for rule in value_problems(value):
        text = f'unable to parse requirement: values[0][{key}]: Invalid value: "{value}": {rule}'
        raise problems.bad_request(text)
    return value


def parse_fields(text: str, resource: Resource) -> tuple[tuple[str, str, str], ...]:
    """Return (path, operator, value) of each condition of a field selector; raises ApiError (400)."""
    found = []
    for term in filter(None, text.split(",")):
        match = re.fullmatch(r"([^=!]*?)(==|!=|=)(.*)", term)
        if match is None or not match[1]:
            raise problems.bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        path, operator, value = match.groups()
        if path not in ("metadata.name", "metadata.namespace") and path not in resource.fields:
            raise problems.bad_request(_unknown_field(path, resource))
        found.append((path, "!=" if operator == "!=" else "=", value))
    return tuple(found)


def selected_name(text: str) -> str:
    """Return the one name that a field selector leaves, as a list or a watch of it is authorized; empty: any."""
    names = {term.partition("=")[2].lstrip("=") for term in text.split(",") if re.match(r"metadata\.name==?", term)}
    return names.pop() if len(names) == 1 else ""


def _unknown_field(path: str, resource: Resource) -> str:
    if resource.group or resource.fields:
        return f"field label not supported: {path}"
    return f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def _field(obj: JSON, path: str, absent: str) -> str:
    found: object = obj
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if found is None:
        return absent
    return str(found).lower() if isinstance(found, bool) else str(found)


def matcher(label_selector: str, field_selector: str, resource: Resource) -> Matcher | None:
    """Return what tells matching objects, None where everything matches; raises ApiError (400)."""
    labels = parse_labels(label_selector)
    fields = parse_fields(field_selector, resource)
    if not labels and not fields:
        return None

    def matches(obj: JSON) -> bool:
        worn = metadata(obj).get("labels") or {}
        if not all(requirement.holds(worn) for requirement in labels):
            return False
        return all(
            (_field(obj, path, resource.fields.get(path, "")) == value) == (operator == "=")
            for path, operator, value in fields
        )

    return matches


def selects(selector: JSON | None, labels: Mapping[str, str]) -> bool:
    """Say whether a LabelSelector object (matchLabels, matchExpressions) picks these labels; none picks nothing."""
    if selector is None:
        return False
    requirements = [Requirement(key, "=", (value,)) for key, value in (selector.get("matchLabels") or {}).items()]
    for each in selector.get("matchExpressions") or ():
        operator = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}[each["operator"]]
        requirements.append(Requirement(each["key"], operator, tuple(each.get("values") or ())))
    return all(requirement.holds(labels) for requirement in requirements)
