"""What may be wrong for a while: waivers with a reason and an end, other levels, and a baseline of what is known.

Pure: from what was found to what counts. What is waived stays in the report, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

import msgspec

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import Severity, State, Verdict

IN_BASELINE = "known from the baseline"
_LEVELS = {Severity.ERROR: Level.ERROR, Severity.WARNING: Level.WARNING, Severity.UNKNOWN: Level.UNKNOWN}


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a waiver file.

    Attributes:
        finding: a code or slug, or ``host-STATE`` (``host-partial``) for hosts in that state.
        reason: why; never empty.
        subject: a glob for the subject, such as ``cluster3 bookinfo/*``.
        expires: its last day, ``YYYY-MM-DD``; empty: it has no end.
        level: the level that the finding gets instead of being waived.
    """

    finding: str
    reason: str
    subject: str = "*"
    expires: str = ""
    level: Level | None = None

    def is_about(self, names: Iterable[str], subject: str) -> bool:
        """Whether something of these names and this subject is meant."""
        return self.finding.casefold() in names and fnmatchcase(subject, self.subject)


class Waived(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A finding, the state of a host, or a broken link of a chain, that does not count; why, and until when.

    ``level`` is how bad it would be if it did. ``context``, ``namespace`` and ``service`` say where, as for a finding.
    """

    code: str
    subject: str
    message: str
    reason: str
    expires: str = ""
    fingerprint: str = ""
    level: Level | None = None
    context: str | None = None
    namespace: str | None = None
    service: str | None = None


class Excuse(NamedTuple):
    """Why something does not count, and until when (empty: without an end)."""

    reason: str
    expires: str = ""


class Allowances(msgspec.Struct, frozen=True):
    """What does not count: waivers, and the fingerprints of a baseline. ``today``: ``YYYY-MM-DD``."""

    waivers: tuple[Waiver, ...] = ()
    baseline: frozenset[str] = frozenset()
    today: str = ""

    @property
    def valid(self) -> tuple[Waiver, ...]:
        """The waivers that have not expired."""
        return tuple(one for one in self.waivers if not one.expires or self.today <= one.expires)

    @property
    def expired(self) -> tuple[Waiver, ...]:
        """The waivers whose last day is over."""
        return tuple(one for one in self.waivers if one.expires and self.today > one.expires)

    def excuse_of(self, names: Sequence[str], subject: str, fingerprint: str) -> Excuse | None:
        """Why something of these names does not count; None: it does. What only changes a level excuses nothing."""
        for waiver in self.valid:
            if waiver.level is None and waiver.is_about(names, subject):
                return Excuse(waiver.reason, waiver.expires)
        return Excuse(IN_BASELINE) if fingerprint in self.baseline else None


NOTHING_ALLOWED = Allowances()


class Counted(msgspec.Struct, frozen=True):
    """What counts, and what does not."""

    findings: tuple[Finding, ...]
    hosts: tuple[Verdict, ...]
    waived: tuple[Waived, ...] = ()


def counted(findings: Sequence[Finding], hosts: Sequence[Verdict], allowances: Allowances) -> Counted:
    """Divide what was found.

    A host's state does not count if it is waived itself, or if a finding that was waived, or got another level, says
    the same of it: then the finding alone is what is judged.
    """
    kept: list[Finding] = []
    waived: list[Waived] = []
    spoken: dict[tuple[str | None, ...], list[tuple[str, Waived | None]]] = {}
    for one in findings:
        excuse, finding = _judged(one, allowances)
        if excuse is None:
            kept.append(finding)
        else:
            waived.append(excuse)
        if excuse is not None or finding is not one:
            place = (one.context, one.namespace, one.service)
            spoken.setdefault(place, []).append((one.message, excuse))
    left = []
    for host in hosts:
        about = spoken.get((host.context, host.namespace, host.service), [])
        same = [excuse for message, excuse in about if message and message in host.reason]
        excuse = _host_excuse(host, allowances)
        if excuse is not None:
            waived.append(excuse)
        elif same and host.state is not State.READY:
            waived += [_of_host(host, Excuse(one.reason, one.expires)) for one in same[:1] if one is not None]
        else:
            left.append(host)
    return Counted(tuple(kept), tuple(left), tuple(waived))


def _judged(finding: Finding, allowances: Allowances) -> tuple[Waived | None, Finding]:
    """The excuse of a finding, if it has one; the finding, with another level where that is all that was asked for."""
    names = (finding.code.casefold(), finding.slug)
    excuse = allowances.excuse_of(names, finding.subject, finding.fingerprint)
    for waiver in allowances.valid:
        if waiver.level is not None and waiver.is_about(names, finding.subject):
            finding = msgspec.structs.replace(finding, level=waiver.level)
    if excuse is None:
        return None, finding
    waived = Waived(
        code=finding.code,
        subject=finding.subject,
        message=finding.message,
        reason=excuse.reason,
        expires=excuse.expires,
        fingerprint=finding.fingerprint,
        level=finding.level,
        context=finding.context,
        namespace=finding.namespace,
        service=finding.service,
    )
    return waived, finding


def _host_excuse(host: Verdict, allowances: Allowances) -> Waived | None:
    if host.state is State.READY:
        return None
    excuse = allowances.excuse_of((host.code,), _subject(host), host.fingerprint)
    return _of_host(host, excuse) if excuse is not None else None


def _of_host(host: Verdict, excuse: Excuse) -> Waived:
    return Waived(
        code=host.code,
        subject=_subject(host),
        message=host.reason,
        reason=excuse.reason,
        expires=excuse.expires,
        fingerprint=host.fingerprint,
        level=_LEVELS[host.severity],
        context=host.context,
        namespace=host.namespace,
        service=host.service,
    )


def _subject(host: Verdict) -> str:
    return f"{host.context} {host.namespace}/{host.service}"
