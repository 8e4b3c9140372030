"""JSON as kubectl prints it: one document."""

from __future__ import annotations

import re

import msgspec

from meshglobal.files.places import Document, IllegibleError

_OFFSET = re.compile(r"\(byte (\d+)\)")


def is_json(data: bytes) -> bool:
    """Whether a text means to be JSON. YAML in brackets does as well: what is no JSON may still be that."""
    return data.lstrip()[:1] in (b"{", b"[")


def json_document(data: bytes) -> Document:
    """The document.

    Raises:
        IllegibleError: no JSON.
    """
    try:
        return Document(msgspec.json.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        found = _OFFSET.search(str(error))
        line = data.count(b"\n", 0, int(found[1])) + 1 if found else 1
        raise IllegibleError(line, f"not valid JSON: {error}") from error
    except RecursionError as error:
        raise IllegibleError(1, "nested too deep") from error
