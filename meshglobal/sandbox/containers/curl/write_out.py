"""What `-w` prints."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PART: Final = re.compile(r"%%|%\{([^}]*)\}|%header\{([^}]*)\}|\\([nrt])")
_STREAM: Final = re.compile(r"%\{(stdout|stderr)\}")
Value = str | int | float
"""A text, a number, or (float) seconds."""
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}


def written_out(
    form: str, values: Mapping[str, Value], headers: Mapping[str, str], *, failed: bool
) -> tuple[list[tuple[str, bool]], list[str]]:
    """Return the texts, each with whether it goes to stderr, and the names of variables that nobody knows.

    Args:
        form: the format that was given.
        values: variable -> value.
        headers: header of the answer, in small letters -> value.
        failed: whether the transfer failed; what follows `%{onerror}` is for that case alone.
    """
    unknown: list[str] = []
    before, mark, after = form.partition("%{onerror}")
    form = before + after if mark and failed else before

    def one(match: re.Match[str]) -> str:
        variable, header, escape = match.groups()
        if escape:
            return _ESCAPES[escape]
        if header is not None:
            return headers.get(header.lower(), "")
        if variable is None:
            return "%"
        return _shown(variable, values, headers, unknown)

    first, *rest = _STREAM.split(form)
    texts = [("stdout", first), *zip(rest[::2], rest[1::2], strict=True)]
    return [(_PART.sub(one, text), stream == "stderr") for stream, text in texts], unknown


def _shown(variable: str, values: Mapping[str, Value], headers: Mapping[str, str], unknown: list[str]) -> str:
    if variable == "json":
        shown = {name: round(value, 6) if isinstance(value, float) else value for name, value in values.items()}
        return json.dumps(shown, separators=(",", ":"), sort_keys=True)
    if variable == "header_json":
        return json.dumps({name: [value] for name, value in headers.items()}, indent=0)
    value = values.get(variable)
    if value is None:
        unknown.append(variable)
        return ""
    if isinstance(value, float):
        return f"{value:.6f}"
    # The code of an answer that never came is shown as 000.
    return f"{value:03d}" if variable in ("http_code", "response_code") else str(value)
