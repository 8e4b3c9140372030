"""Reading the body of a patch, with the words of the real server (which is written in Go) for a broken one."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import yaml

from meshglobal.sandbox.apiserver.problems import bad_request

_LITERALS = ("null", "true", "false")
_WHERE = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Illegal trailing comma before end of object": "looking for beginning of object key string",
    "Illegal trailing comma before end of array": "looking for beginning of value",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
    "Extra data": "after top-level value",
    "Invalid \\escape": "in string escape code",
    "Invalid control character at": "in string literal",
}
_GO_TYPES = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}
_MAP = "map[string]interface {}"
_Wanted = TypeVar("_Wanted")
_OPERATIONS = "[]handlers.jsonPatchOp"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the base depends on the build
    """YAML as Kubernetes reads it: a date is a string."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read_object_patch(body: bytes, *, is_strategic: bool) -> dict[str, Any]:
    """Return the object of a merge patch or a strategic merge patch; raises ApiError (400)."""
    prefix = "" if is_strategic else "error decoding patch: "
    decoded = _json(body, prefix)
    if decoded is None and not is_strategic:
        raise bad_request("Invalid JSON Patch")
    return _of_type(decoded, dict, _MAP, prefix)


def read_operations(body: bytes) -> list[Any]:
    """Return the operations of a JSON patch; raises ApiError (400)."""
    prefix = "error decoding patch: "
    operations = _of_type(_json(body, prefix), list, _OPERATIONS, prefix)
    for operation in operations:
        _of_type(operation, dict, "handlers.jsonPatchOp", prefix)
    return operations


def read_applied(body: bytes) -> dict[str, Any]:
    """Return the object of an apply patch, which is YAML or JSON; raises ApiError (400)."""
    prefix = "error decoding YAML: "
    decoded = _loaded(body) if _is_json(body) else _yaml(body, f"{prefix}error converting YAML to JSON: yaml: ")
    return _of_type(decoded, dict, _MAP, prefix)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _yaml(body: bytes, prefix: str) -> Any:
    try:
        return _string_keys(yaml.load(body, Loader=_Loader))  # noqa: S506 - built on a safe loader
    except yaml.MarkedYAMLError as broken:
        raise bad_request(f"{prefix}{_line(broken)}{broken.problem}") from broken
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise bad_request(f"{prefix}{broken}") from broken


def _line(broken: yaml.MarkedYAMLError) -> str:
    """Return the line of a mistake as Go's reader counts it: from one while scanning, from nought while parsing."""
    line = broken.problem_mark.line if broken.problem_mark else 0
    line += isinstance(broken, yaml.scanner.ScannerError)
    return f"line {line}: " if line else ""


def _loaded(body: bytes) -> Any:
    """Return decoded JSON; halves of characters, which no text can hold, are replaced as Go's reader does it."""
    decoded = json.loads(body)
    return _whole(decoded) if b"\\ud" in body.lower() else decoded


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def _json(body: bytes, prefix: str) -> Any:
    try:
        return _loaded(body)
    except json.JSONDecodeError as broken:
        raise bad_request(prefix + go_json_error(broken)) from broken
    except UnicodeDecodeError as broken:
        raise bad_request(f"{prefix}invalid UTF-8 in string") from broken


def go_json_error(broken: json.JSONDecodeError) -> str:
    """Say what is wrong with a JSON document as Go's decoder does."""
    rest = broken.doc[broken.pos :]
    literal = next((each for each in _LITERALS if rest[:1] == each[0]), "")
    if broken.msg == "Expecting value" and literal:
        for expected, found in zip(literal, rest, strict=False):
            if found != expected:
                return f"invalid character {_quoted(found)} in literal {literal} (expecting {_quoted(expected)})"
    if not rest or literal or broken.msg.startswith("Unterminated string"):
        return "unexpected end of JSON input"
    return f"invalid character {_quoted(rest[0])} {_WHERE.get(broken.msg, 'looking for beginning of value')}"


def _quoted(character: str) -> str:
    return {"'": r"'\''", '"': "'\"'"}.get(character) or "'" + json.dumps(character)[1:-1] + "'"


def _of_type(decoded: Any, wanted: type[_Wanted], go_type: str, prefix: str) -> _Wanted:
    if isinstance(decoded, wanted):
        return decoded
    if decoded is None:
        return wanted()  # null decodes into an empty value
    shown = _GO_TYPES[type(decoded)]
    raise bad_request(f"{prefix}json: cannot unmarshal {shown} into Go value of type {go_type}")


def _string_keys(decoded: Any) -> Any:
    """Return YAML data as JSON can say it: the keys of mappings are strings."""
    if isinstance(decoded, dict):
        return {_key(key): _string_keys(value) for key, value in decoded.items()}
    if isinstance(decoded, list):
        return [_string_keys(item) for item in decoded]
    return decoded


def _key(key: Any) -> str:
    return key if isinstance(key, str) else json.dumps(key)
