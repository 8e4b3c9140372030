"""`--report yaml=FILE`: the document of `-o yaml`."""

from __future__ import annotations

import io

from meshglobal.domain.report import Report
from meshglobal.render.documents import write_document


def text_of(report: Report) -> str:
    """The report as YAML."""
    stream = io.StringIO()
    write_document(report, "yaml", stream)
    return stream.getvalue()
