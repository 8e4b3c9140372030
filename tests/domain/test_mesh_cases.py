"""Every case file: clusters in, exactly these verdicts, remarks and changes out."""

from typing import Any

import pytest
from mesh_cases import Case, cases, key_of, picture_for
from remarks import remarks_on

from meshglobal.domain.blast import blast_radius
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.planning import expose_intent, namespace_steps, service_steps, unexpose_intent
from meshglobal.domain.verdict import State, Verdict

CASES = list(cases())
FOUND_AS_EXPECTED = {"Ready", "Partial"}
COVERED = [*range(1, 12), *range(13, 20), *range(21, 32), 40]


def ids(case: Case) -> str:
    return f"{case.file}: {case.title}"


def expected_row(case: Case, row: dict[str, Any]) -> tuple[object, ...]:
    host = row.get("host")
    found = row.get("found", [host] if row["is"] in FOUND_AS_EXPECTED else [])
    return key_of(row["of"]) if "of" in row else case.service, row["in"], row["is"], host, tuple(found)


def row_of(verdict: Verdict) -> tuple[object, ...]:
    key = ServiceKey(verdict.namespace, verdict.service)
    return key, verdict.context, verdict.state.value, verdict.host, verdict.found_hosts


def sorting(row: tuple[object, ...]) -> str:
    return repr(row)


@pytest.mark.parametrize("case", [case for case in CASES if "verdicts" in case.body], ids=ids)
def test_verdicts_are_exactly_these(case: Case) -> None:
    verdicts = picture_for(case).verdicts()
    wanted = case.body["verdicts"]
    rows = [expected_row(case, row) for row in wanted]
    assert sorted(map(row_of, verdicts), key=sorting) == sorted(rows, key=sorting)
    reasons = {row_of(verdict): verdict.reason for verdict in verdicts}
    for row, plain in zip(rows, wanted, strict=True):
        if "why" in plain:
            assert plain["why"] in reasons[row]
        else:
            assert reasons[row] == ""


@pytest.mark.parametrize("case", [case for case in CASES if "notes" in case.body], ids=ids)
def test_remarks_are_exactly_these(case: Case) -> None:
    picture = picture_for(case)
    keys = sorted({*picture.published_keys(), case.service})
    notes = remarks_on(picture, keys)
    wanted = case.body["notes"]
    assert sorted((note.rule, note.context) for note in notes) == sorted(
        (row["rule"], row.get("in")) for row in wanted
    ), [note.message for note in notes]
    for row in wanted:
        about = [note.message for note in notes if (note.rule, note.context) == (row["rule"], row.get("in"))]
        assert any(row["says"] in message for message in about), about


@pytest.mark.parametrize("case", [case for case in CASES if "findings" in case.body], ids=ids)
def test_findings_are_exactly_these(case: Case) -> None:
    picture = picture_for(case)
    keys = sorted({*picture.concerned_keys(), case.service})
    seen = {"is_fleet": case.is_fleet, "calls": case.calls, "drills": case.drills}
    found = picture.findings(picture.verdicts(), keys, case.expired, **seen)
    wanted = case.body["findings"]
    assert sorted((one.code, one.context or "") for one in found) == sorted(
        (row["code"], row.get("in", "")) for row in wanted
    ), [one.message for one in found]
    for row in wanted:
        about = [one.message for one in found if (one.code, one.context) == (row["code"], row.get("in"))]
        assert any(row["says"] in message for message in about), about


@pytest.mark.parametrize("case", [case for case in CASES if "blast" in case.body], ids=ids)
def test_a_change_reaches_exactly_this_far(case: Case) -> None:
    views = picture_for(case).views
    body = case.body
    order = dict(body.get("expose") or body["unexpose"])
    target = order.pop("what")
    if "expose" in body:
        order = {"takeover": None, "distribution": None} | order
        intent = expose_intent(order.pop("scope", "global"), **order)
    else:
        intent = unexpose_intent(**order)
    if "/" in target:
        steps = service_steps(views, [key_of(target)], intent)
    else:
        steps = namespace_steps(views, [target], intent)
    blast = blast_radius(views, steps)
    found = {
        "starts": {str(key): list(contexts) for key, contexts in blast.starts.items()},
        "stops": {str(key): list(contexts) for key, contexts in blast.stops.items()},
        "vanishes": list(blast.vanishes),
        "merges": {host: list(contexts) for host, contexts in blast.merges.items()},
        "taken_over": {str(key): list(contexts) for key, contexts in blast.taken_over.items()},
        "conflicts": dict(blast.conflicts),
    }
    assert {name: value for name, value in found.items() if value} == body["blast"]
    assert blast.is_empty == (not body["blast"])


@pytest.mark.parametrize("number", COVERED)
def test_every_rule_has_a_case(number: int) -> None:
    assert any(f"R{number}" in case.rules for case in CASES)


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_case_with_it_and_the_same_service_without(state: State) -> None:
    with_it = {case.file for case in CASES if any(row["is"] == state for row in case.body.get("verdicts", ()))}
    without = {case.file for case in CASES if any(row["is"] != state for row in case.body.get("verdicts", ()))}
    assert with_it & without
