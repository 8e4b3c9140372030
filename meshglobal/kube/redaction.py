"""Keep secrets out of messages that come from plugins, servers and the system."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "[hidden]"
_SECRETS = (
    re.compile(r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"),  # a JWT
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"(?i)\b((?:[\w-]*(?:token|password|passwd|secret|api[-_]?key))[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&]+"),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user information in a URL
    re.compile(r"\b[A-Za-z0-9+/_-]{48,}={0,2}"),  # keys and certificates in base64
)
_SHORTEST = 6  # a configured value this short ("true", "eu-1") would mask words by chance


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text with ``known`` values, and whatever looks like a credential, masked."""
    for value in sorted(known, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = text.replace(value, MASK)
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: (found[1] if found.re.groups else "") + MASK, text)
    return text


def first_line(text: str, longest: int = 300) -> str:
    """The first line that says something, shortened."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= longest else line[: longest - 1] + "…"
