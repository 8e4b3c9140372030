"""What changed between two looks at the mesh: states of hosts, and findings that came or went.

`verify --watch -o json` prints each change as one document on one line; the schemas are published in `docs/schema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from meshglobal.domain.finding import Finding
from meshglobal.domain.report import API_VERSION, Report
from meshglobal.domain.verdict import State, Verdict


class HostChange(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A global host in one cluster says something else now.

    Attributes:
        time: when it was seen, RFC 3339.
        exit_code: what the run would end with now.
        host: as it is shown: the host expected, else the one found, else ``namespace/service``.
        before, after: the states; null where the host was not there, or is not there any more.
        reason: why, for the state after.
        verdict: all that is said of it now; null where nothing is.
    """

    api_version: str = API_VERSION
    kind: str = "HostChange"
    time: str
    exit_code: int = 0
    context: str
    namespace: str
    service: str
    host: str
    before: State | None = None
    after: State | None = None
    reason: str = ""
    verdict: Verdict | None = None


class FindingChange(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A finding came (``present``) or went.

    ``time`` and ``exit_code`` as for a host. A waived finding counts as not there.
    """

    api_version: str = API_VERSION
    kind: str = "FindingChange"
    time: str
    exit_code: int = 0
    present: bool
    finding: Finding


Change = HostChange | FindingChange
_Place = tuple[str, str, str]


class _Pair(NamedTuple):
    """A verdict that is spoken of, what was said before, and what is said now."""

    one: Verdict
    before: Verdict | None
    after: Verdict | None


def changes(before: Report, after: Report, time: str) -> Iterator[Change]:
    """Hosts first, in the order of the reports, then findings."""
    yield from _host_changes(before.hosts, after, time)
    yield from _finding_changes(before.findings, after, time)


def shown_host(verdict: Verdict) -> str:
    """The host expected; for an entry that nobody expects the host found; else the service's name."""
    if verdict.host is not None:
        return verdict.host
    return verdict.found_hosts[0] if verdict.found_hosts else f"{verdict.namespace}/{verdict.service}"


def _host_changes(before: Sequence[Verdict], after: Report, time: str) -> Iterator[HostChange]:
    old = _by_place(before)
    for place, now in _by_place(after.hosts).items():
        for pair in _pairs(old.pop(place, []), now):
            if _differ(pair):
                yield _host_change(pair, after.exit_code, time)
    for gone in old.values():
        for one in gone:
            yield _host_change(_Pair(one, one, None), after.exit_code, time)


def _by_place(verdicts: Sequence[Verdict]) -> dict[_Place, list[Verdict]]:
    found: dict[_Place, list[Verdict]] = {}
    for one in verdicts:
        found.setdefault((one.namespace, one.service, one.context), []).append(one)
    return found


def _pairs(before: Sequence[Verdict], after: Sequence[Verdict]) -> Iterator[_Pair]:
    """What is said of one service in one cluster, host by host; what is left over is paired in order."""
    left = list(before)
    unmatched = []
    for now in after:
        was = next((one for one in left if shown_host(one) == shown_host(now)), None)
        if was is None:
            unmatched.append(now)
        else:
            left.remove(was)
            yield _Pair(now, was, now)
    for now in unmatched:
        yield _Pair(now, left.pop(0) if left else None, now)
    for was in left:
        yield _Pair(was, was, None)


def _differ(pair: _Pair) -> bool:
    """Other words for the same lack of knowledge are no news: why a cluster does not answer changes all the time."""
    if pair.before is None or pair.after is None:
        return True
    if pair.before.state is State.UNKNOWN and pair.after.state is State.UNKNOWN:
        return False
    first, second = ((one.state, one.reason, shown_host(one)) for one in (pair.before, pair.after))
    return first != second


def _host_change(pair: _Pair, code: int, time: str) -> HostChange:
    one, before, after = pair
    return HostChange(
        time=time,
        exit_code=code,
        context=one.context,
        namespace=one.namespace,
        service=one.service,
        host=shown_host(one),
        before=before.state if before is not None else None,
        after=after.state if after is not None else None,
        reason=after.reason if after is not None else "",
        verdict=after,
    )


def _finding_changes(before: Sequence[Finding], after: Report, time: str) -> Iterator[FindingChange]:
    old = {one.fingerprint: one for one in before}
    new = {one.fingerprint: one for one in after.findings}
    for key, one in new.items():
        if key not in old:
            yield FindingChange(time=time, exit_code=after.exit_code, present=True, finding=one)
    for key, one in old.items():
        if key not in new:
            yield FindingChange(time=time, exit_code=after.exit_code, present=False, finding=one)
