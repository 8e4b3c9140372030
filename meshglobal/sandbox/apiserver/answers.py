"""Putting objects and lists into the form that was asked for: JSON, YAML, a Table, or metadata alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import yaml

from meshglobal.sandbox.apiserver import problems, tables
from meshglobal.sandbox.apiserver.exchange import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meshglobal.sandbox.apiserver.listing import Page
    from meshglobal.sandbox.apiserver.negotiation import Form
    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State
    from meshglobal.sandbox.apiserver.store import Entry

_encode = msgspec.json.Encoder().encode
_PARTIAL: JSON = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
_INCLUDES = ("Metadata", "Object", "None", "")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the objects of one resource in one form."""

    state: State
    resource: Resource
    form: Form
    include: str = ""
    """What the rows of a Table carry of their objects: Metadata (the default), Object or None."""

    def one(self, entry: Entry, status: int = 200) -> Response:
        """Answer with one object."""
        if self.form.shape == "Table":
            version = {"resourceVersion": str(entry.obj["metadata"].get("resourceVersion", ""))}
            return self._sent(self._table([entry], version), status)
        return self._sent(self.encoded(entry), status)

    def many(self, page: Page) -> Response:
        """Answer with a list."""
        if self.form.shape == "Table":
            return self._sent(self._table(page.entries, page.metadata))
        items = b",".join(self._item(entry) for entry in page.entries)
        if self.form.shape == "Partial":
            head = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1"}
        else:
            head = {"kind": self.resource.list_name, "apiVersion": self.resource.group_version}
        # Lists of custom resources have a continue token even where it is empty.
        metadata = {"continue": ""} | page.metadata if self.resource.is_custom else page.metadata
        start = _encode(head | {"metadata": metadata})[:-1]
        return self._sent(start + b',"items":[' + items + b"]}")

    def encoded(self, entry: Entry) -> bytes:
        """Return one object, encoded, as an answer or an event of a watch shows it."""
        match self.form.shape:
            case "Partial":
                return _encode(_PARTIAL | {"metadata": entry.obj["metadata"]})
            case "Table":
                return self._table([entry], {"resourceVersion": str(entry.version)})
        return entry.typed(self.resource.type_prefix)

    def event_encoder(self) -> Callable[[Entry], bytes]:
        """Return what encodes the objects of one watch: only the first Table of a watch describes its columns."""
        if self.form.shape != "Table":
            return self.encoded
        columns_told = False

        def encode(entry: Entry) -> bytes:
            nonlocal columns_told
            table = self._table([entry], {"resourceVersion": str(entry.version)}, has_columns=not columns_told)
            columns_told = True
            return table

        return encode

    def _item(self, entry: Entry) -> bytes:
        # Built-in kinds say once, in the list, what each item is.
        if self.form.shape or self.resource.is_custom:
            return self.encoded(entry)
        return entry.body

    def _table(self, entries: Sequence[Entry], metadata: JSON, *, has_columns: bool = True) -> bytes:
        if self.include not in _INCLUDES:
            why = f"includeObject: Invalid value: \"{self.include}\": must be 'Metadata', 'Object', 'None', or empty"
            raise problems.bad_request(f"Unable to convert to Table as requested: {why}")
        objects = [entry.obj for entry in entries]
        table = tables.to_table(self.resource, objects, self.include or "Metadata", self.state.now())
        columns = {} if has_columns else {"columnDefinitions": None}
        return _encode(table | columns | {"metadata": metadata})

    def _sent(self, body: bytes, status: int = 200) -> Response:
        return sent(body, self.form, status)


def sent(body: bytes, form: Form, status: int = 200) -> Response:
    """Return an answer with this JSON, turned into YAML where that was asked for."""
    if form.media == "application/yaml":
        text = yaml.safe_dump(msgspec.json.decode(body), sort_keys=True, default_flow_style=False)
        return Response(status, text.encode(), form.media)
    return Response(status, body, form.media)


def document(body: JSON, form: Form, status: int = 200) -> Response:
    """Answer with an object that is not stored: a review, a scale, a Status."""
    return sent(_encode(body), form, status)
