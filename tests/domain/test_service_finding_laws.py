"""What holds for the findings about services, whatever the mesh: order does not matter, nothing unread is missing."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import KIND_OF, Case, cases, fleet_of

from meshglobal.app.picture import MeshSettings, mesh_queries, picture_of
from meshglobal.domain.expectation import Visibility
from meshglobal.domain.finding import Finding
from meshglobal.domain.verdict import Deviation, State

# Of several contexts of one cluster the first that was selected speaks for it: there order matters by design.
CASES = [case for case in cases() if not any("same_as" in body for body in case.body["clusters"].values())]
EVERYTHING = tuple(KIND_OF.values())
OF_ABSENCE = ("MG101", "MG201", "MG206", "MG207", "MG208", "MG220", "MG221", "MG222", "MG131")


def found(case: Case, clusters: dict[str, Any]) -> list[Finding]:
    mesh = MeshSettings(visibility=Visibility(case.body.get("visibility", "mesh")))
    picture = picture_of(fleet_of(clusters).read(mesh_queries(mesh, case.body.get("namespace"), EVERYTHING)), mesh)
    return picture.findings(picture.verdicts(), sorted({*picture.concerned_keys(), *picture.service_keys()}))


def clusters_of(case: Case) -> dict[str, dict[str, Any]]:
    bodies = case.body["clusters"].items()
    return {context: dict(body) if isinstance(body, dict) else {"objects": body} for context, body in bodies}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_the_order_of_clusters_and_objects_changes_nothing(case: Case) -> None:
    clusters = clusters_of(case)
    turned = {
        context: body | {"objects": (body.get("objects") or [])[::-1]}
        for context, body in reversed(list(clusters.items()))
    }
    first, second = found(case, clusters), found(case, turned)
    assert {(one.fingerprint, one.level, one.remedy) for one in second} == {
        (one.fingerprint, one.level, one.remedy) for one in first
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_where_nothing_may_be_read_nothing_is_called_missing(case: Case) -> None:
    kinds = [kind.name for kind in EVERYTHING]
    clusters = {context: body | {"forbidden": kinds} for context, body in clusters_of(case).items()}
    assert not [one.code for one in found(case, clusters) if one.code in OF_ABSENCE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_every_deviation_of_a_verdict_is_a_finding_in_its_words(case: Case) -> None:
    mesh = MeshSettings(visibility=Visibility(case.body.get("visibility", "mesh")))
    queries = mesh_queries(mesh, case.body.get("namespace"))
    picture = picture_of(fleet_of(clusters_of(case)).read(queries), mesh)
    verdicts = picture.verdicts()
    findings = picture.findings(verdicts, ())
    for verdict in verdicts:
        about = [one for one in findings if (one.context, one.service) == (verdict.context, verdict.service)]
        told = [one for one in about if one.message in verdict.reason]
        assert len(told) >= len(verdict.deviations), verdict
        assert bool(verdict.deviations) <= (verdict.state is not State.READY)
        assert set(verdict.deviations) <= set(Deviation)
