"""The formats of `--report`: one line each here, one file each beside it.

A format's file has one function, ``text_of(result) -> str``; `result.py` has the shape that all share. It is imported
when it is asked for. The option's help and its errors are made from this table.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # the names alone are needed for every command's help
    from meshglobal.domain.known import Document


class Format(NamedTuple):
    """One format: its name on the command line, what reads it, the module that makes it."""

    name: str
    reader: str
    module: str


FORMATS: tuple[Format, ...] = (
    Format("json", "programs; the document of -o json", "report_json"),
    Format("yaml", "programs; the document of -o yaml", "report_yaml"),
    Format("junit", "test reports of CI servers", "junit"),
    Format("sarif", "code scanning; SARIF 2.1.0", "sarif"),
    Format("prometheus", "Prometheus, by a textfile collector", "prometheus"),
    Format("markdown", "step summaries and comments", "markdown"),
    Format("github", "annotations in GitHub Actions", "github"),
    Format("html", "a browser; one page that needs nothing else", "html"),
)
NAMES = tuple(one.name for one in FORMATS)


def text_of(name: str, document: Document) -> str:
    """What a command prints, in a format.

    Raises:
        KeyError: there is no format of this name.
    """
    from meshglobal.render.results import result_of

    module = {one.name: one.module for one in FORMATS}[name]
    text: str = importlib.import_module(f"meshglobal.render.{module}").text_of(result_of(document))
    return text
