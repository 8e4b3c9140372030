"""Lists: selectors, the past and the present, and pages.

A continue token names the version of the first page and the name after which the next one begins, so that all pages
show one moment. Where that moment is forgotten the answer is 410 with a token that goes on in the present.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems, selectors
from meshglobal.sandbox.apiserver.options import ListOptions, parsed_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.store import Entry, Key, Store

_TOKEN_VERSION = "meta.k8s.io/v1"  # noqa: S105 - the version of the format, no secret
_PRESENT = -1
_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A list, or a part of one: its entries and the metadata of the list object."""

    entries: Sequence[Entry]
    metadata: JSON


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins: the version of the list, and the key it comes after."""

    version: int
    after: Key | None = None


def page(store: Store, resource: Resource, namespace: str, options: ListOptions) -> Page:
    """Return what a list request asks for; raises ApiError (400, 410, 504)."""
    matches = selectors.matcher(options.labels, options.fields, resource)
    start = _continued(store, namespace, options) if options.token else _first(store, options)
    if start.version == store.version:
        entries = store.all(resource.key, namespace)
    else:
        entries = store.at(resource.key, start.version, namespace)
    if start.after is not None:
        entries = [entry for entry in entries if entry.key > start.after]
    if matches is not None:
        entries = [entry for entry in entries if matches(entry.obj)]
    meta: JSON = {"resourceVersion": str(start.version)}
    if 0 < options.limit < len(entries):
        rest = len(entries) - options.limit
        entries = entries[: options.limit]
        meta["continue"] = _token(start.version, entries[-1].key, namespace)
        if matches is None:
            meta["remainingItemCount"] = rest
    return Page(entries, meta)


def _first(store: Store, options: ListOptions) -> _Start:
    if options.version and not options.version.isdigit():
        complaint = f'strconv.ParseUint: parsing "{options.version}": invalid syntax'
        text = f'invalid resource version: resourceVersion: Invalid value: "{options.version}": {complaint}'
        raise problems.bad_request(text)
    wanted = parsed_version(options.version, store.version)
    if wanted is None or not options.is_exact:
        return _Start(store.version)
    if wanted < store.compacted:
        raise problems.expired("The resourceVersion for the provided list is too old.")
    return _Start(wanted)


def _token(version: int, last: Key, namespace: str) -> str:
    start = last[1] if namespace or not last[0] else f"{last[0]}/{last[1]}"
    token = {"v": _TOKEN_VERSION, "rv": version, "start": f"{start}\0"}
    return base64.urlsafe_b64encode(json.dumps(token, separators=(",", ":")).encode()).decode().rstrip("=")


def _continued(store: Store, namespace: str, options: ListOptions) -> _Start:
    if options.version not in ("", "0"):
        raise problems.bad_request("specifying resource version is not allowed when using continue")
    version, last = _read_token(options.token, namespace)
    if version == _PRESENT:
        return _Start(store.version, last)
    if version < store.compacted or version > store.version:
        refusal = problems.expired(_TOO_OLD)
        refusal.list_metadata = {"continue": _token(_PRESENT, last, namespace)}
        raise refusal
    return _Start(version, last)


def _read_token(token: str, namespace: str) -> tuple[int, Key]:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, start = int(decoded["rv"]), str(decoded["start"]).removesuffix("\0")
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise problems.bad_request(f"invalid continue token: continue key is not valid: {error}") from error
    if namespace:
        return version, (namespace, start)
    inside, _, name = start.rpartition("/")
    return version, (inside, name)
