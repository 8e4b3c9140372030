"""The texts of ``Warning`` headers (RFC 7234, 5.5), by which an API server comments on what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WARNING = re.compile(r'(?P<code>\d{3}) +(?P<agent>\S+) +"(?P<text>(?:[^"\\]|\\.)*)"(?: +"[^"]*")?')
_ESCAPE = re.compile(r"\\(.)")
_MISCELLANEOUS = "299"


def parse_warnings(values: Iterable[str]) -> tuple[str, ...]:
    """The texts of code 299, in order, each once. One header may hold several; what is malformed is left out."""
    found = (match for value in values for match in _WARNING.finditer(value))
    texts = (_ESCAPE.sub(r"\1", match["text"]) for match in found if match["code"] == _MISCELLANEOUS)
    return tuple(dict.fromkeys(_as_utf8(text) for text in texts))


def _as_utf8(text: str) -> str:
    """Servers send UTF-8, `http.client` reads headers as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
