"""What may be wrong for a while: waivers with a reason and an end, other levels, and a baseline of what is known.

Pure: from what was found to what counts. What is waived stays in the report, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import State, Verdict

IN_BASELINE = "known from the baseline"


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
    """A finding, or the state of a host, that does not count; why, and until when."""

    code: str
    subject: str
    message: str
    reason: str
    expires: str = ""
    fingerprint: str = ""


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
        elif same:
            waived += [_of_host(host, one.reason, one.expires) for one in same[:1] if one is not None]
        else:
            left.append(host)
    return Counted(tuple(kept), tuple(left), tuple(waived))


def _judged(finding: Finding, allowances: Allowances) -> tuple[Waived | None, Finding]:
    """The excuse of a finding, if it has one; the finding, with another level where that is all that was asked for."""
    reason, expires = "", ""
    names = (finding.code.casefold(), finding.slug)
    for waiver in allowances.valid:
        if not waiver.is_about(names, finding.subject):
            continue
        if waiver.level is None:
            reason, expires = waiver.reason, waiver.expires
            break
        finding = msgspec.structs.replace(finding, level=waiver.level)
    if not reason and finding.fingerprint in allowances.baseline:
        reason = IN_BASELINE
    if not reason:
        return None, finding
    excuse = Waived(
        code=finding.code,
        subject=finding.subject,
        message=finding.message,
        reason=reason,
        expires=expires,
        fingerprint=finding.fingerprint,
    )
    return excuse, finding


def _host_excuse(host: Verdict, allowances: Allowances) -> Waived | None:
    if host.state is State.READY:
        return None
    subject = _subject(host)
    for waiver in allowances.valid:
        if waiver.is_about((host.code,), subject):
            return _of_host(host, waiver.reason, waiver.expires)
    return _of_host(host, IN_BASELINE) if host.fingerprint in allowances.baseline else None


def _of_host(host: Verdict, reason: str, expires: str = "") -> Waived:
    return Waived(
        code=host.code,
        subject=_subject(host),
        message=host.reason,
        reason=reason,
        expires=expires,
        fingerprint=host.fingerprint,
    )


def _subject(host: Verdict) -> str:
    return f"{host.context} {host.namespace}/{host.service}"
