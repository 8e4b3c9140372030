"""What counts as a change between two reports, and how hosts are paired."""

from __future__ import annotations

import msgspec
import pytest

from meshglobal.domain.changes import FindingChange, HostChange, changes
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import State, Verdict

TIME = "2026-11-23T02:31:05Z"


def verdict(context: str, state: State, reason: str = "", host: str | None = "web.shop.mesh.internal") -> Verdict:
    return Verdict(namespace="shop", service="web", context=context, state=state, reason=reason, host=host)


def report(*hosts: Verdict, findings: tuple[Finding, ...] = ()) -> Report:
    return Report(command="verify", exit_code=1, hosts=hosts, findings=findings)


def told(before: Report, after: Report) -> list[tuple[str, str, State | None, State | None]]:
    return [
        (one.context, one.host, one.before, one.after)
        for one in changes(before, after, TIME)
        if isinstance(one, HostChange)
    ]


def test_a_new_state_is_a_change_with_time_reason_and_the_code_of_now() -> None:
    (change,) = changes(report(verdict("one", State.READY)), report(verdict("one", State.MISSING, "gone")), TIME)
    assert isinstance(change, HostChange)
    assert (change.time, change.exit_code, change.reason) == (TIME, 1, "gone")
    assert change.verdict == verdict("one", State.MISSING, "gone")


@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        (verdict("one", State.READY), verdict("one", State.READY), False),
        (verdict("one", State.PARTIAL, "a"), verdict("one", State.PARTIAL, "b"), True),
        (verdict("one", State.UNKNOWN, "refused"), verdict("one", State.UNKNOWN, "timeout"), False),
        (verdict("one", State.UNKNOWN), verdict("one", State.READY), True),
        (verdict("one", State.READY), verdict("one", State.READY, host="web.shop.acme"), True),
    ],
)
def test_what_is_news(before: Verdict, after: Verdict, *, is_new: bool) -> None:
    assert bool(told(report(before), report(after))) is is_new


def test_a_host_that_comes_or_goes_has_no_state_on_one_side() -> None:
    one = verdict("one", State.READY)
    assert told(report(), report(one)) == [("one", "web.shop.mesh.internal", None, State.READY)]
    assert told(report(one), report()) == [("one", "web.shop.mesh.internal", State.READY, None)]


def test_the_entry_that_is_left_of_a_host_is_the_same_host() -> None:
    stale = msgspec.structs.replace(verdict("one", State.STALE, host=None), found_hosts=("web.shop.mesh.internal",))
    assert told(report(verdict("one", State.READY)), report(stale)) == [
        ("one", "web.shop.mesh.internal", State.READY, State.STALE)
    ]


def test_each_of_two_hosts_of_a_service_is_told_apart() -> None:
    first, second = verdict("one", State.READY), verdict("one", State.READY, host="web.shop.acme")
    worse = verdict("one", State.DRIFT, host="web.shop.acme")
    assert told(report(first, second), report(worse, first)) == [("one", "web.shop.acme", State.READY, State.DRIFT)]
    assert told(report(first, second), report(first)) == [("one", "web.shop.acme", State.READY, None)]


def test_findings_come_and_go_by_their_fingerprint() -> None:
    def finding(code: str, words: str) -> Finding:
        return Finding(code=code, slug="s", level=Level.WARNING, message=words, context="one")

    before = report(findings=(finding("MG101", "a"), finding("MG102", "b")))
    after = report(findings=(finding("MG101", "in other words"), finding("MG103", "c")))
    found = [(one.finding.code, one.present) for one in changes(before, after, TIME) if isinstance(one, FindingChange)]
    assert found == [("MG103", True), ("MG102", False)]
