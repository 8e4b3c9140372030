"""What waivers and a baseline let pass, and what they must never hide."""

from __future__ import annotations

import pytest

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.waivers import IN_BASELINE, Allowances, Waiver, counted

MISSING = Verdict(namespace="shop", service="cart", context="c1", state=State.MISSING, reason="no entry, though wanted")
ELSEWHERE = Verdict(namespace="shop", service="cart", context="c2", state=State.MISSING, reason="no entry")
SAYS_SO = Finding(
    code="MG201",
    slug="generated-entry-missing",
    level=Level.ERROR,
    message="no entry",
    context="c1",
    namespace="shop",
    service="cart",
)
OTHER = Finding(
    code="MG117",
    slug="ports-differ",
    level=Level.ERROR,
    message="ports differ",
    context="c1",
    namespace="shop",
    service="cart",
)
ALL = (SAYS_SO, OTHER)


def waive(finding: str, subject: str = "*", expires: str = "", level: Level | None = None) -> Allowances:
    waiver = Waiver(finding=finding, reason="for now", subject=subject, expires=expires, level=level)
    return Allowances((waiver,), today="2026-11-23")


def test_nothing_is_let_pass_by_itself() -> None:
    found = counted(ALL, (MISSING, ELSEWHERE), Allowances())
    assert (found.findings, found.hosts, found.waived) == (ALL, (MISSING, ELSEWHERE), ())


@pytest.mark.parametrize("name", ["MG201", "mg201", "generated-entry-missing"])
@pytest.mark.parametrize("subject", ["*", "c1 shop/cart", "c? shop/*"])
def test_a_waived_finding_takes_the_state_that_it_explains_with_it(name: str, subject: str) -> None:
    found = counted(ALL, (MISSING, ELSEWHERE), waive(name, subject))
    assert found.findings == (OTHER,)
    assert found.hosts == (ELSEWHERE,)
    assert [(one.code, one.subject, one.reason) for one in found.waived] == [
        ("MG201", "c1 shop/cart", "for now"),
        ("host-missing", "c1 shop/cart", "for now"),
    ]


def test_another_finding_does_not_hide_the_state() -> None:
    found = counted(ALL, (MISSING,), waive("MG117"))
    assert (found.findings, found.hosts) == ((SAYS_SO,), (MISSING,))


@pytest.mark.parametrize("subject", ["c2 *", "shop/cart", "c1", "C1 *"])
def test_another_subject_is_not_meant(subject: str) -> None:
    assert counted(ALL, (MISSING,), waive("MG201", subject)).findings == ALL


@pytest.mark.parametrize(("expires", "counts"), [("2026-11-22", True), ("2026-11-23", False), ("2026-11-24", False)])
def test_the_last_day_still_counts_as_waived(expires: str, *, counts: bool) -> None:
    allowances = waive("MG201", expires=expires)
    assert (SAYS_SO in counted(ALL, (MISSING,), allowances).findings) is counts
    assert bool(allowances.expired) is counts


def test_a_state_is_waived_by_its_name_and_findings_stay() -> None:
    found = counted((OTHER,), (MISSING, ELSEWHERE), waive("host-missing", "c1 *"))
    assert (found.findings, found.hosts) == ((OTHER,), (ELSEWHERE,))


def test_a_level_replaces_that_of_the_finding_and_of_what_it_explains() -> None:
    found = counted(ALL, (MISSING, ELSEWHERE), waive("MG201", level=Level.WARNING))
    assert [(one.code, one.level) for one in found.findings] == [("MG201", "warning"), ("MG117", "error")]
    assert found.hosts == (ELSEWHERE,)
    assert found.waived == ()


def test_of_a_baseline_only_what_is_new_counts() -> None:
    known = Allowances(baseline=frozenset({SAYS_SO.fingerprint, MISSING.fingerprint}))
    found = counted(ALL, (MISSING, ELSEWHERE), known)
    assert (found.findings, found.hosts) == ((OTHER,), (ELSEWHERE,))
    assert {one.reason for one in found.waived} == {IN_BASELINE}
