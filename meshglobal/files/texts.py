"""The texts of files, within bounds, and the documents in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.files.json_documents import is_json, json_document
from meshglobal.files.places import Document, IllegibleError
from meshglobal.files.yaml_documents import yaml_documents

STDIN = "<stdin>"
SUFFIXES = frozenset({".yaml", ".yml", ".json"})
MOST_JSON = 1 << 30
MOST_YAML = 1 << 26


class Text(NamedTuple):
    """A file's content. ``name`` is how messages call it."""

    name: str
    data: bytes


def text_of(path: Path) -> Text:
    """Read a file.

    Raises:
        UsageError: it does not exist.
        CannotCheckError: it cannot be read, or is larger than any manifests are.
    """
    try:
        with path.open("rb") as file:
            return Text(str(path), _within(str(path), file))
    except FileNotFoundError as error:
        raise UsageError(f"--from {path}: there is no such file or folder") from error
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror}") from error


def text_of_stdin() -> Text:
    """Read standard input to its end."""
    return Text(STDIN, _within(STDIN, sys.stdin.buffer))


def documents_in(text: Text) -> Iterator[Document]:
    """The documents: one of JSON, or any number in YAML.

    Raises:
        IllegibleError: neither.
    """
    if is_json(text.data):
        try:
            yield json_document(text.data)
        except IllegibleError:
            if text.name.endswith(".json") or len(text.data) > MOST_YAML:
                raise
        else:
            return
    if len(text.data) > MOST_YAML:
        raise IllegibleError(1, f"more than {MOST_YAML >> 20} MiB of YAML: let kubectl print -o json")
    yield from yaml_documents(text.data)


def _within(name: str, file: BinaryIO) -> bytes:
    data = file.read(MOST_JSON + 1)
    if len(data) > MOST_JSON:
        raise CannotCheckError(f"{name} is larger than {MOST_JSON >> 30} GiB")
    return data
