"""Who answered a call: what an answer says of it, and which cluster that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meshglobal.domain.call import Header
from meshglobal.domain.errors import UsageError

WELL_KNOWN = ("x-served-by-cluster", "x-cluster", "x-cluster-name", "x-cluster-id", "x-served-by", "x-served-by-pod")
"""Headers by which servers are known to sign, the first that is there counts."""
_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST = 100
LARGEST_BODY = 1 << 16
"""Bytes of a body in which a pattern is looked for."""


@dataclass(frozen=True, slots=True)
class Identify:
    """Where an answer says who gave it: one of some headers, or what a pattern finds in the body."""

    headers: tuple[str, ...] = WELL_KNOWN
    body: re.Pattern[str] | None = None

    def who(self, headers: Sequence[Header], body: str) -> str:
        """Who answered; empty: the answer does not say."""
        if self.body is not None:
            found = self.body.search(body)
            return _shown(found[1] if found is not None and found.groups() else found[0] if found is not None else "")
        values = {one.name.lower(): one.value for one in headers}
        return _shown(next((values[name] for name in self.headers if values.get(name)), ""))


def parse_identify(text: str | None) -> Identify:
    """``header:NAME`` or ``body:REGEX`` (its first group counts, if there is one).

    Raises:
        UsageError: anything else.
    """
    if text is None:
        return Identify()
    word, colon, rest = text.partition(":")
    if word == "header" and _HEADER.fullmatch(rest) is not None:
        return Identify((rest.lower(),))
    if word == "body" and colon and rest:
        try:
            return Identify((), re.compile(rest))
        except re.error as error:
            raise UsageError(f"--identify {text!r}: no regular expression: {error}") from error
    raise UsageError(f"--identify {text!r}: write header:NAME or body:REGEX")


def _shown(text: str) -> str:
    """One line without what a terminal would obey; the name of who answered is somebody else's text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_LONGEST]


def cluster_of(by: str, names: Mapping[str, str]) -> str | None:
    """The context that a name of a cluster or of a pod stands for; None: nobody is known by it.

    ``names``: contexts by the names that their clusters, networks and pods have.
    """
    return names.get(by)
