"""`--report json=FILE`: the document of `-o json`."""

from __future__ import annotations

import io

from meshglobal.render.documents import write_document
from meshglobal.render.result import Result


def text_of(result: Result) -> str:
    """The document as JSON."""
    stream = io.StringIO()
    write_document(result.document, "json", stream)
    return stream.getvalue()
