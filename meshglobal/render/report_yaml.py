"""`--report yaml=FILE`: the document of `-o yaml`."""

from __future__ import annotations

import io

from meshglobal.render.documents import write_document
from meshglobal.render.result import Result


def text_of(result: Result) -> str:
    """The document as YAML."""
    stream = io.StringIO()
    write_document(result.document, "yaml", stream)
    return stream.getvalue()
