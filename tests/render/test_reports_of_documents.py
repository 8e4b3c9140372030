"""`--report` of `diagnose`, `check` and `list`: each format letter by letter, and read again by parsers not ours."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import parsed_reports as parsed
import pytest
from golden_files import assert_golden
from hypothesis import HealthCheck, given, settings
from sample_documents import check, diagnosis, documents, inventory, written
from sample_drill import drawn_drills, drill

from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.known import Document
from meshglobal.domain.verdict import Severity
from meshglobal.render.catalogue import NAMES, text_of
from meshglobal.render.legible import legible
from meshglobal.render.result import CLUSTER
from meshglobal.render.results import result_of

SAMPLES: dict[str, Callable[[], Document]] = {
    "diagnosis": diagnosis,
    "fleet": check,
    "inventory": inventory,
    "written": written,
    "drill": drill,
}
GOLDEN = [name for name in NAMES if name not in ("json", "yaml", "sarif")]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", GOLDEN)
def test_every_letter_of_other_documents(form: str, name: str) -> None:
    assert_golden(f"to-{form}-{name}.txt", text_of(form, SAMPLES[name]()))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents | drawn_drills)
def test_no_text_breaks_a_format_of_any_document(document: Document) -> None:
    plain = json.loads(json.dumps(msgspec.to_builtins(document)))
    assert parsed.as_json(text_of("json", document)) == plain
    assert parsed.as_yaml(text_of("yaml", document)) == plain
    parsed.as_junit(text_of("junit", document))
    parsed.as_sarif(text_of("sarif", document))
    parsed.as_prometheus(text_of("prometheus", document))
    assert {one.command for one in parsed.as_github(text_of("github", document))} <= {"error", "warning"}
    assert parsed.as_html(text_of("html", document)).find(".//script") is None
    shown = parsed.as_markdown(text_of("markdown", document))
    assert "<script" not in shown
    assert "<em>" not in shown


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents | drawn_drills)
def test_what_is_not_fine_is_never_passed_as_if_it_were(document: Document) -> None:
    """An error or something unknown, waived or not: the case has a result."""
    result = result_of(document)
    junit = parsed.as_junit(text_of("junit", document))
    results = {(suite.name, case.classname, case.name): case.result for suite in junit for case in suite}
    for told in result.told:
        if told.severity in (Severity.UNKNOWN, Severity.ERROR) or told.waived:
            name = result.command if result.subject is CLUSTER else told.service
            suite, namespace, name = map(legible, (told.context, told.namespace, name))
            assert results[suite, f"{suite}.{namespace}" if namespace else suite, name], told


def junit_of(document: Document) -> dict[str, str]:
    """Case to ``passed`` or the kind of its result."""
    return {
        f"{case.classname}/{case.name}": type(case.result[0]).__name__.lower() if case.result else "passed"
        for suite in parsed.as_junit(text_of("junit", document))
        for case in suite
    }


def test_a_diagnosis_has_a_case_for_each_chain() -> None:
    cases = {name: result for name, result in junit_of(diagnosis()).items() if not name.endswith("/reading")}
    assert cases == {
        "cluster1.bookinfo/productpage": "failure",
        "cluster2.bookinfo/productpage": "passed",  # a warning
        "cluster3.bookinfo/productpage": "skipped",
        "cluster3/MG601": "skipped",
        "cluster4.bookinfo/productpage": "skipped",
        "cluster5.bookinfo/productpage": "skipped",  # waived
        "cluster5/MG303": "skipped",
        "cluster6.bookinfo/productpage": "passed",
        "mesh.bookinfo/productpage": "passed",
    }
    strict = junit_of(msgspec.structs.replace(diagnosis(), fail_on="warning"))
    assert strict["cluster2.bookinfo/productpage"] == "failure"


def test_what_breaks_no_chain_of_the_service_is_not_in_its_reports() -> None:
    for form in GOLDEN:
        assert "MG302" not in text_of(form, diagnosis()), form
    assert "MG302" in text_of("json", diagnosis())


def test_what_could_not_be_written_is_an_error_in_each_format() -> None:
    assert {name: result for name, result in junit_of(written()).items() if "/service/" in name} == {
        "cluster1.bookinfo/service/productpage": "passed",
        "cluster2.bookinfo/service/productpage": "error",
    }
    assert [one.command for one in parsed.as_github(text_of("github", written()))] == ["error"]
    found = parsed.as_prometheus(text_of("prometheus", written()))["meshglobal_writes"]
    assert {one["context"]: one["status"] for one, _ in found} == {"cluster1": "changed", "cluster2": "failed"}
    for form in ("sarif", "html", "markdown"):
        assert "admission webhook" in text_of(form, written()), form


def test_a_check_has_a_case_for_each_cluster() -> None:
    cases = {name: result for name, result in junit_of(check()).items() if not name.endswith("/reading")}
    assert cases == {
        "cluster1/check": "skipped",  # what would fail is waived
        "cluster2/check": "failure",
        "cluster0/check": "passed",
        "cluster3/check": "skipped",
        "mesh/MG306": "failure",
    }


def test_sarif_tells_each_broken_chain_once() -> None:
    (run,) = parsed.as_sarif(text_of("sarif", diagnosis()))["runs"]
    told = [
        (one["ruleId"], one["kind"], one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        for one in run["results"]
        if "suppressions" not in one
    ]
    assert told == [
        ("MG201", "fail", "cluster1/bookinfo/productpage"),
        ("MG601", "open", "cluster3"),
        ("MG117", "fail", "mesh/bookinfo/productpage"),
        ("link-scope", "fail", "cluster2/bookinfo/productpage"),
        ("link-endpoints", "open", "cluster4/bookinfo/productpage"),
    ]
    assert [one["ruleId"] for one in run["results"] if "suppressions" in one] == ["MG303"]
    assert {one["ruleId"] for one in run["results"]} <= {one["id"] for one in run["tool"]["driver"]["rules"]}


def test_metrics_of_chains_and_clusters() -> None:
    chains = parsed.as_prometheus(text_of("prometheus", diagnosis()))["meshglobal_chain_state"]
    assert {one["context"]: (one["state"], one["link"]) for one, _ in chains}["cluster1"] == ("broken", "entry")
    found = parsed.as_prometheus(text_of("prometheus", check()))
    assert {one["context"]: one["state"] for one, _ in found["meshglobal_cluster_state"]} == {
        "cluster1": "fine",
        "cluster2": "wrong",
        "cluster0": "doubtful",
        "cluster3": "unknown",
    }
    assert {(one["context"], one["peer"]): one["state"] for one, _ in found["meshglobal_link_state"]} == {
        ("cluster1", "cluster2"): "linked",
        ("cluster1", "cluster3"): "missing",
        ("cluster2", "cluster1"): "unknown",
    }
    assert "meshglobal_hosts" not in found


@pytest.mark.parametrize("document", [Diagnosis(), FleetCheck()])
def test_an_empty_document_has_reports_too(document: Document) -> None:
    for form in NAMES:
        assert text_of(form, document) or form == "github"
