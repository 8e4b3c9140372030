"""Manifests to the records of `domain.objects`, strictly: what an API server would refuse is an error here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.names import is_dns_label, is_dns_name
from meshglobal.domain.objects import Object
from meshglobal.files.places import Document, IllegibleError

_KINDS = {(kind.group, kind.name): kind for kind in KINDS}
_DEFAULT = "default"
_AT = re.compile(r"^(?P<why>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")


def objects_in(document: Document) -> Iterator[tuple[int, Kind | None, Object | None]]:
    """The objects of a document, a List taken apart, each with its line; None for what is not of our kinds.

    Raises:
        IllegibleError: an object of our kinds with a field that cannot be.
    """
    body = document.body
    if not isinstance(body, dict) or not _is_list(body):
        yield _one(document, body, {})
        return
    items = body.get("items")
    if not isinstance(items, list):
        raise IllegibleError(document.line, f"{body['kind']}: items must be a list")
    inherited = {"apiVersion": body.get("apiVersion"), "kind": str(body["kind"]).removesuffix("List")}
    for item in items:
        if isinstance(item, dict) and _is_list(item):
            raise IllegibleError(document.line_of(item), "a List within a List")
        yield _one(document, item, inherited)


def _is_list(body: dict[str, Any]) -> bool:
    return str(body.get("kind", "")).endswith("List") and "items" in body


def _one(document: Document, body: Any, inherited: dict[str, Any]) -> tuple[int, Kind | None, Object | None]:
    line = document.line_of(body)
    if not isinstance(body, dict):
        return line, None, None
    version = str(body.get("apiVersion", inherited.get("apiVersion")))
    kind = _KINDS.get((version.rpartition("/")[0], str(body.get("kind", inherited.get("kind")))))
    return line, kind, None if kind is None else _decoded(kind, body, line)


def _decoded(kind: Kind, body: dict[str, Any], line: int) -> Object:
    try:
        found = msgspec.convert(body, kind.record)
    except msgspec.ValidationError:
        try:
            found = msgspec.convert(_without_nulls(body), kind.record)
        except msgspec.ValidationError as error:
            raise IllegibleError(line, f"{_called(kind, body)}: {_said(error, body)}") from error
    if not is_dns_name(found.name):
        raise IllegibleError(line, f"{_called(kind, body)}: metadata.name {found.name!r} is no name of an object")
    namespace = (found.namespace or _DEFAULT) if kind.is_namespaced else ""
    if namespace and not is_dns_label(namespace):
        raise IllegibleError(line, f"{_called(kind, body)}: metadata.namespace {namespace!r} is no name of a namespace")
    if namespace == found.namespace:
        return found
    return msgspec.structs.replace(found, metadata=msgspec.structs.replace(found.metadata, namespace=namespace))


def _without_nulls(body: Any) -> Any:
    """As the API server takes ``spec:`` with nothing behind it: it is not set."""
    if isinstance(body, dict):
        return {key: _without_nulls(value) for key, value in body.items() if value is not None}
    return [_without_nulls(value) for value in body] if isinstance(body, list) else body


def _called(kind: Kind, body: dict[str, Any]) -> str:
    metadata = body.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    place = "/".join(str(named[key]) for key in ("namespace", "name") if named.get(key))
    return f"{kind.word} {place}".rstrip()


def _said(error: msgspec.ValidationError, body: Any) -> str:
    """A field and what is wrong with it; the key in a map of texts is looked up, msgspec does not name it."""
    found = _AT.match(str(error))
    why, path = (found["why"], found["path"] or "") if found is not None else (str(error), "")
    here, words = body, []
    for step in _STEP.finditer(path):
        here, word = _followed(here, step)
        words.append(word)
    field = "".join(words).removeprefix(".")
    said = why[:1].lower() + why[1:].replace("`", "")
    is_quotable = "expected str" in said.replace("`", "")
    hint = f': put it in quotes: "{_as_written(here)}"' if is_quotable and isinstance(here, (bool, int, float)) else ""
    return f"{field}: {said.replace('`', '')}{hint}" if field else said.replace("`", "")


def _followed(here: Any, step: re.Match[str]) -> tuple[Any, str]:
    if step[1] is not None:
        return (here.get(step[1]) if isinstance(here, dict) else None), f".{step[1]}"
    if step[2] is not None:
        at = int(step[2])
        return (here[at] if isinstance(here, list) and at < len(here) else None), f"[{at}]"
    values = here.items() if isinstance(here, dict) else ()
    key, value = next(((key, value) for key, value in values if not isinstance(value, str)), ("…", None))
    return value, f"[{key}]"


def _as_written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
