"""What pages say when they want something changed, and what they are told."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from meshglobal.dashboard.exchange import Said
from meshglobal.domain.finding import Finding
from meshglobal.domain.report import API_VERSION, Report, Write
from meshglobal.domain.write_record import Touched, WriteOutcome

UNSET = "unset"
"""Instead of a traffic distribution: take the annotation away."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=200)]


class PlanAsked(msgspec.Struct, frozen=True, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """What shall be changed.

    Attributes:
        action: as the command of that name; ``set`` changes takeover or distribution alone.
        kind, namespace, names: which services (``svc``) of a namespace, or which namespaces (``ns``).
        contexts: where; null: wherever it is.
        scope: for ``expose``; null: global.
        takeover: whether there shall be one; null: as it is.
        distribution: the mode, or ``unset`` to take it away; null: as it is.
        overwrite: replace other values.
        opt_out, purge: as the options of `unexpose`.
    """

    action: Literal["expose", "unexpose", "set"]
    kind: Literal["svc", "ns"] = "svc"
    namespace: Name | None = None
    names: Names
    contexts: Names | None = None
    scope: Name | None = None
    takeover: bool | None = None
    distribution: Name | None = None
    overwrite: bool = False
    opt_out: bool = False
    purge: bool = False


class ApplyAsked(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Agreement to a plan; ``typed``: the names of protected contexts, as somebody typed them."""

    typed: Names = ()


class PlanShown(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What a plan would change.

    Attributes:
        id: names it when it is agreed to: once, and until ``expires_at`` (RFC 3339).
        extent: how much, as ``change 2 objects in 2 clusters``.
        report: what the servers said when they tried it without storing anything.
        diff, blast: as the commands print them.
        findings: what would be found afterwards.
        command: does the same in a shell, a command a line.
        needs_names: the protected contexts in which something would be changed: they must be typed.
        left_out: contexts in which nothing would be written, because they could not be read.
    """

    api_version: str = API_VERSION
    kind: str = "Plan"
    id: str
    expires_at: str
    extent: str
    report: Report
    diff: tuple[str, ...]
    blast: tuple[str, ...]
    findings: tuple[Finding, ...]
    command: str
    needs_names: tuple[str, ...]
    left_out: tuple[str, ...]


class NotWritten(msgspec.Struct, frozen=True):
    """Nothing was written: why in a sentence, and what each cluster said."""

    error: Said
    report: Report


class JournalEntry(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One change of the journal.

    ``state``: ``ended``, ``running`` (in this program), or ``unknown``: it began, and nothing says how it ended; then
    ``ended_at`` and ``outcome`` are null.
    """

    id: str
    time: str
    who: str
    source: str
    command: str
    state: Literal["ended", "running", "unknown"]
    ended_at: str | None
    outcome: WriteOutcome | None
    message: str
    objects: tuple[Touched, ...]
    writes: tuple[Write, ...]


class JournalShown(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The newest changes, newest first; ``illegible``: lines of the journal that say nothing."""

    api_version: str = API_VERSION
    kind: str = "Journal"
    entries: tuple[JournalEntry, ...]
    illegible: int = 0
