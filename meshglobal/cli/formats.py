"""Which output format was asked for, told from the command line alone: even a usage error is then a valid document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FORMATS = ("table", "wide", "json", "yaml", "name")
MACHINE_FORMATS = frozenset({"json", "yaml"})
DEFAULT_FORMAT = "table"


def wanted_format(argv: Sequence[str], environ: Mapping[str, str], configured: str = DEFAULT_FORMAT) -> str:
    """The last ``-o``/``--output`` of a command line, else ``MESHGLOBAL_OUTPUT``, else the configured; unchecked."""
    found = environ.get("MESHGLOBAL_OUTPUT") or configured
    for position, word in enumerate(argv):
        if word == "--":
            break
        if word in ("-o", "--output"):
            found = argv[position + 1] if position + 1 < len(argv) else found
        elif word.startswith("--output="):
            found = word.partition("=")[2]
        elif word.startswith("-o") and len(word) > 2:  # noqa: PLR2004 - -oVALUE
            found = word[2:].removeprefix("=")
    return found
