"""The rules across fields of custom kinds (``x-kubernetes-validations``), which are CEL expressions.

An expression sees the value as ``self`` and, in a change, the value before as ``oldSelf``; a rule that names
``oldSelf`` is not asked about new values. Field names that are words of the language are escaped as Kubernetes does
(``__namespace__``). The library is Rust underneath and is loaded with the first rule that is asked.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from meshglobal.sandbox.apiserver import causes
from meshglobal.sandbox.apiserver.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cel import Context, Program

    from meshglobal.sandbox.apiserver.schema import Rule, Schema

_RESERVED = frozenset(
    ("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import")
) | frozenset(("let", "loop", "package", "namespace", "return", "var", "void", "while"))
_MOST_TOLD = 5_000
_told: dict[tuple[Rule, bytes, bytes | None], str] = {}
_encode = msgspec.json.Encoder().encode
_ESCAPES = (("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__"))


@cache
def has_rules(schema: Schema) -> bool:
    """Whether the schema or any part of it has a rule."""
    if schema.rules:
        return True
    children = [*schema.fields.values(), *([schema.items] if schema.items else [])]
    return any(not child.reference and has_rules(child) for child in children)


def broken(schema: Schema, new: Any, old: Any, path: str) -> Iterator[Cause]:
    """One cause for each rule that does not hold; `old` is None where there was nothing."""
    if new is None or not has_rules(schema):
        return
    if schema.rules:
        node = _Node(schema, new, old)
        yield from (cause for rule in schema.rules if (cause := _ask(node, rule, path)))
    for child, value, before, where in _parts(schema, new, old, path):
        yield from broken(child, value, before, where)


def _parts(schema: Schema, new: Any, old: Any, path: str) -> Iterator[tuple[Schema, Any, Any, str]]:
    if isinstance(new, list) and schema.items:
        before = _by_key(schema, old)
        for index, item in enumerate(new):
            yield schema.items, item, before.get(_key(schema, item)), f"{path}[{index}]"
    elif isinstance(new, dict):
        earlier = old if isinstance(old, dict) else {}
        for name, item in new.items():
            child = schema.items if schema.type == "map" else schema.fields.get(name)
            if child is not None and not child.reference:
                where = f"{path}[{name}]" if schema.type == "map" else f"{path}.{name}" if path else name
                yield child, item, earlier.get(name), where


def _by_key(schema: Schema, items: Any) -> dict[str, Any]:
    if schema.list_type != "map" or not isinstance(items, list):
        return {}
    return {_key(schema, item): item for item in items}


def _key(schema: Schema, item: Any) -> str:
    if schema.list_type != "map" or not isinstance(item, dict):
        return ""
    return causes.shown([item.get(name) for name in schema.list_keys])


class _Node:
    """A value that some rules are asked about, put into the language's form when the first of them needs it."""

    __slots__ = ("_context", "key", "new", "old", "schema")

    def __init__(self, schema: Schema, new: Any, old: Any) -> None:
        self.schema, self.new, self.old = schema, new, old
        self.key = (_encode(new), None if old is None else _encode(old))
        self._context: Context | None = None

    def context(self) -> Context:
        if self._context is None:
            names = {"self": _seen(self.schema, self.new)}
            if self.old is not None:
                names["oldSelf"] = _seen(self.schema, self.old)
            self._context = _context(names)
        return self._context


def _ask(node: _Node, rule: Rule, path: str) -> Cause | None:
    if "oldSelf" in rule.expression and node.old is None:
        return None
    # What a rule says depends on the values alone, and the same ones come again: ports, hosts, other clusters' objects.
    key = (rule, *node.key)
    if key not in _told:
        if len(_told) >= _MOST_TOLD:
            _told.clear()
        _told[key] = _outcome(node, rule)
    return _complaint(rule, node.new, path, _told[key]) if _told[key] else None


def _outcome(node: _Node, rule: Rule) -> str:
    """What is wrong, or nothing."""
    try:
        holds = _program(rule.expression).execute(node.context())
    except (ValueError, RuntimeError, TypeError) as error:
        return f"rule evaluation error: {error}"
    return "" if holds else _worded(node, rule) or rule.message or f"failed rule: {rule.expression.strip()}"


def _worded(node: _Node, rule: Rule) -> str:
    """What the rule's own expression for its message says; nothing where that fails, as the API server has it."""
    if not rule.message_expression:
        return ""
    try:
        return str(_program(rule.message_expression).execute(node.context()))
    except (ValueError, RuntimeError, TypeError):
        return ""


def _complaint(rule: Rule, value: Any, path: str, message: str) -> Cause:
    where = path + rule.field_path if rule.field_path else path
    if rule.reason != "FieldValueInvalid":
        return Cause(rule.reason, where, message)
    scalar = "" if isinstance(value, dict | list) else f"{causes.shown(value)}: "
    return Cause("FieldValueInvalid", where, f"Invalid value: {scalar}{message}")


@cache
def _program(expression: str) -> Program:
    import cel

    return cel.compile(expression)


def _context(names: dict[str, Any]) -> Context:
    import cel

    context = cel.Context(names)
    for name, function in _FUNCTIONS.items():
        context.add_function(name, function)
    return context


def _substring(text: str, start: int, end: int | None = None) -> str:
    return text[start:end]


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "substring": _substring,
    "split": _split,
    "lowerAscii": lambda text: text.lower(),
    "upperAscii": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "replace": lambda text, old, new: text.replace(old, new),
    "isSorted": lambda items: all(a <= b for a, b in pairwise(items)),
    "sum": sum,
}


def _seen(schema: Schema, value: Any) -> Any:
    """The value as an expression sees it: field names escaped."""
    if isinstance(value, list):
        return [_seen(schema.items, item) for item in value] if schema.items else value
    if not isinstance(value, dict):
        return value
    if schema.type == "map" and schema.items:
        return {key: _seen(schema.items, item) for key, item in value.items()}
    return {_escaped(key): _seen(schema.fields[key], item) for key, item in value.items() if key in schema.fields}


def _escaped(name: str) -> str:
    if name in _RESERVED:
        return f"__{name}__"
    for text, instead in _ESCAPES:
        name = name.replace(text, instead)
    return name
