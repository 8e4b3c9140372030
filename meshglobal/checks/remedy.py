"""Commands that mend, written so that a shell takes each word as it is meant."""

from __future__ import annotations

import json
import shlex
from typing import Any

import msgspec

from meshglobal.domain.finding import Finding

_LONGEST = 4096
GATEWAYS = "gateways.gateway.networking.k8s.io"
SEGMENTS = "segments.admin.solo.io"


def mended_by(found: Finding, *words: str) -> Finding:
    """The finding with another command; none where it would be too long to be typed, or nothing mends it."""
    return _with(found, shlex.join(words))


def mended_by_applying(found: Finding, context: str, document: Any) -> Finding:
    """The finding with a command that applies one object (a here-string, as bash and zsh know it)."""
    words = ("kubectl", "--context", context, "apply", "-f", "-")
    return _with(found, f"{shlex.join(words)} <<< {shlex.quote(written(document))}")


def written(document: Any) -> str:
    """A patch or an object as one word of a command, not yet quoted."""
    return json.dumps(document, separators=(",", ":"))


def quoted(document: Any) -> str:
    """The same, quoted."""
    return shlex.quote(written(document))


def _with(found: Finding, remedy: str) -> Finding:
    return msgspec.structs.replace(found, remedy=remedy if len(remedy) <= _LONGEST else "")
