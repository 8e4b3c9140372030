"""The formats of `--report`: letter by letter, and read again by parsers that are not ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import parsed_reports as parsed
import pytest
from golden_files import assert_golden
from hypothesis import HealthCheck, given, settings
from sample_reports import HOSTILE, broken, fine, full, reports

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import State, Verdict
from meshglobal.render.catalogue import NAMES, text_of
from meshglobal.render.legible import legible

SAMPLES: dict[str, Callable[[], Report]] = {"full": full, "fine": fine, "broken": broken}
# The documents have golden files of their own; SARIF's rules grow with every check.
GOLDEN = [name for name in NAMES if name not in ("json", "yaml", "sarif")]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", GOLDEN)
def test_every_letter(form: str, name: str) -> None:
    assert_golden(f"to-{form}-{name}.txt", text_of(form, SAMPLES[name]()))


@pytest.mark.parametrize("name", SAMPLES)
def test_sarif_without_its_rules(name: str) -> None:
    log = parsed.as_sarif(text_of("sarif", SAMPLES[name]()))
    driver = log["runs"][0]["tool"]["driver"]
    del driver["rules"], driver["version"]
    assert_golden(f"to-sarif-{name}.txt", json.dumps(log, indent=2) + "\n")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_no_text_breaks_a_format(report: Report) -> None:
    document = msgspec.to_builtins(report)
    assert parsed.as_json(text_of("json", report)) == json.loads(json.dumps(document))
    assert parsed.as_yaml(text_of("yaml", report)) == json.loads(json.dumps(document))
    cases = [case for suite in parsed.as_junit(text_of("junit", report)) for case in suite]
    assert len(cases) >= len({one.context for one in report.clusters})
    assert len(parsed.as_sarif(text_of("sarif", report))["runs"][0]["results"]) >= len(report.findings)
    parsed.as_prometheus(text_of("prometheus", report))
    assert {one.command for one in parsed.as_github(text_of("github", report))} <= {"error", "warning"}
    page = parsed.as_html(text_of("html", report))
    assert page.find(".//script") is None
    shown = parsed.as_markdown(text_of("markdown", report))
    assert "<script" not in shown
    assert "<em>" not in shown


def cases_of(report: Report) -> dict[str, Any]:
    junit = parsed.as_junit(text_of("junit", report))
    return {f"{case.classname}/{case.name}": case for suite in junit for case in suite}


def results_of(report: Report) -> dict[str, str]:
    """Case to ``passed`` or the kind of its result."""
    return {
        name: type(case.result[0]).__name__.lower() if case.result else "passed"
        for name, case in cases_of(report).items()
    }


def test_junit_has_a_case_for_each_service_and_cluster() -> None:
    assert results_of(full()) == {
        "cluster1/reading": "passed",
        "cluster1.bookinfo/productpage": "passed",
        "cluster1.bookinfo/reviews": "passed",
        "cluster1.bookinfo/ratings": "failure",
        "cluster1.bookinfo/details": "failure",
        "cluster2/reading": "error",
        "cluster2.bookinfo/reviews": "skipped",
        "cluster2.bookinfo/productpage": "skipped",
        "cluster3/reading": "error",
        "cluster3.bookinfo/productpage": "skipped",
        "cluster3/MG601": "skipped",
        "mesh.bookinfo/details": "passed",
    }


def test_junit_fails_from_where_the_run_fails() -> None:
    warning = results_of(msgspec.structs.replace(full(), fail_on="warning"))
    assert (warning["cluster1.bookinfo/reviews"], warning["mesh.bookinfo/details"]) == ("failure", "failure")
    assert warning["cluster2.bookinfo/productpage"] == "skipped"
    unknown = results_of(msgspec.structs.replace(full(), fail_on="unknown"))
    assert unknown["cluster2.bookinfo/productpage"] == "failure"


def test_junit_skips_what_may_stay_unread() -> None:
    passing = results_of(msgspec.structs.replace(full(), exit_code=0))
    assert passing["cluster3/reading"] == "skipped"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_nothing_unknown_is_ever_passed(report: Report) -> None:
    junit = parsed.as_junit(text_of("junit", report))
    results = {(suite.name, case.classname, case.name): case.result for suite in junit for case in suite}
    for verdict in report.hosts:
        if verdict.state is State.UNKNOWN:
            suite, namespace, service = map(legible, (verdict.context, verdict.namespace, verdict.service))
            assert results[suite, f"{suite}.{namespace}" if namespace else suite, service]
    for cluster in report.clusters:
        if cluster.unread or not cluster.reached:
            suite = legible(cluster.context)
            assert results[suite, suite, "reading"]


def test_junits_totals_are_those_of_its_cases() -> None:
    junit = parsed.as_junit(text_of("junit", full()))
    told = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in junit]
    junit.update_statistics()
    assert told == [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in junit]
    assert (junit.tests, junit.failures, junit.errors, junit.skipped) == (12, 2, 2, 4)


def test_sarif_explains_each_host_once() -> None:
    (run,) = parsed.as_sarif(text_of("sarif", full()))["runs"]
    told = [(one["ruleId"], one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]) for one in run["results"]]
    assert told == [
        ("MG103", "cluster1/bookinfo/ratings"),
        ("MG101", "cluster1/bookinfo/reviews"),
        ("MG117", "mesh/bookinfo/details"),
        ("MG601", "cluster3"),
        ("host-drift", "cluster1/bookinfo/details"),
        ("host-unknown", "cluster2/bookinfo/productpage"),
        ("host-unknown", "cluster3/bookinfo/productpage"),
        ("host-stale", "cluster2/bookinfo/reviews"),
        ("MG106", "cluster1/bookinfo/productpage"),
    ]
    open_ones = {one["ruleId"] for one in run["results"] if one["kind"] == "open"}
    assert open_ones == {"MG601", "host-unknown"}


def test_sarif_suppresses_what_is_waived_and_nothing_else() -> None:
    (run,) = parsed.as_sarif(text_of("sarif", full()))["runs"]
    told = {one["ruleId"]: one["suppressions"] for one in run["results"] if "suppressions" in one}
    assert told == {
        "host-stale": [
            {"kind": "external", "status": "accepted", "justification": "removed | next week (until 2030-12-31)"}
        ],
        "MG106": [{"kind": "external", "status": "accepted", "justification": "known"}],
    }


def test_every_result_of_sarif_has_a_rule() -> None:
    (run,) = parsed.as_sarif(text_of("sarif", full()))["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert {one["ruleId"] for one in run["results"]} <= set(rules)


def test_fingerprints_stay_when_words_change() -> None:
    def prints(report: Report) -> list[str]:
        results = parsed.as_sarif(text_of("sarif", report))["runs"][0]["results"]
        return [one["partialFingerprints"]["meshglobal/v1"] for one in results]

    before = full()
    replace = msgspec.structs.replace
    reworded = replace(
        before,
        hosts=tuple(replace(one, reason="in other words") for one in before.hosts),
        findings=tuple(replace(one, message="in other words") for one in before.findings),
    )
    assert prints(before) == prints(reworded)
    assert len(set(prints(before))) == len(prints(before))


def test_metrics_say_state_and_coverage() -> None:
    found = parsed.as_prometheus(text_of("prometheus", full()))
    states = {(one["context"], one["service"]): one["state"] for one, _ in found["meshglobal_host_state"]}
    assert states[("cluster1", "ratings")] == "Missing"
    assert states[("cluster3", "productpage")] == "Unknown"
    assert {one["context"]: value for one, value in found["meshglobal_cluster_read"]} == {
        "cluster1": 1,
        "cluster2": 0,
        "cluster3": 0,
    }
    assert found["meshglobal_exit_code"] == [({}, 1)]


def hostile() -> Report:
    verdict = Verdict(namespace=HOSTILE, service=HOSTILE, context=HOSTILE, state=State.MISSING, reason=HOSTILE)
    found = Finding(
        code="MG101", slug="label-missing", level=Level.ERROR, message=HOSTILE, remedy=HOSTILE, namespace=HOSTILE
    )
    return Report(command="verify", exit_code=1, hosts=(verdict,), findings=(found,))


def test_hostile_text_is_shown_as_text_and_nothing_else() -> None:
    words = " ".join(legible(HOSTILE).split())
    page = parsed.as_html(text_of("html", hostile()))
    assert words in [cell.text for cell in page.iter("td")]
    assert {one.tag for one in page.iter() if isinstance(one.tag, str)} <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead", "tbody"),
        *("tr", "th", "td", "strong", "br", "code"),
    }
    shown = parsed.as_html(f"<!DOCTYPE html><title>t</title>{parsed.as_markdown(text_of('markdown', hostile()))}")
    assert words in [cell.text for cell in shown.iter("td")]
    assert words in [span.text for span in shown.iter("code")]
    told = parsed.as_github(text_of("github", hostile()))
    assert any(legible(HOSTILE) in one.message for one in told)
    metrics = parsed.as_prometheus(text_of("prometheus", hostile()))
    assert metrics["meshglobal_host_state"][0][0]["service"] == legible(HOSTILE)


def test_an_annotation_is_an_error_or_a_warning_and_errors_come_first() -> None:
    told = [(one.command, one.properties["title"]) for one in parsed.as_github(text_of("github", full()))]
    assert told == [
        ("error", "MG103 scope-disagrees"),
        ("error", "Drift in cluster1"),
        ("warning", "MG101 label-missing"),
        ("warning", "MG117 ports-differ"),
        ("warning", "MG601 unreachable"),
        ("warning", "Unknown in cluster2"),
        ("warning", "Unknown in cluster3"),
        ("warning", "cluster2 not read"),
        ("warning", "cluster3 not read"),
    ]


def test_a_long_summary_is_cut_and_says_so() -> None:
    hosts = tuple(
        Verdict(namespace="n", service=f"s{number}", context="c", state=State.MISSING, reason="r" * 500)
        for number in range(5_000)
    )
    text = text_of("markdown", Report(command="verify", hosts=hosts))
    assert len(text.encode()) < 2**20
    assert "and 4800 more" in text
