"""`--report json=FILE`: the document of `-o json`."""

from __future__ import annotations

import io

from meshglobal.domain.report import Report
from meshglobal.render.documents import write_document


def text_of(report: Report) -> str:
    """The report as JSON."""
    stream = io.StringIO()
    write_document(report, "json", stream)
    return stream.getvalue()
