"""What holds for the findings about clusters, whatever the mesh: order does not matter, nothing unread is missing."""

from __future__ import annotations

from typing import Any

import pytest
from mesh_cases import KIND_OF, Case, cases, fleet_of

from meshglobal.app.picture import MeshSettings, mesh_queries, picture_of
from meshglobal.domain.finding import Finding

CASES = [case for case in cases() if case.file in ("peering", "networks")]
ABOUT_CLUSTERS = ("MG3", "MG4")


def found(case: Case, clusters: dict[str, Any]) -> list[Finding]:
    mesh = MeshSettings()
    more = [KIND_OF[name] for name in case.body.get("reads", ())]
    picture = picture_of(fleet_of(clusters).read(mesh_queries(mesh, None, more)), mesh)
    findings = [one for one in picture.findings((), ()) if one.code.startswith(ABOUT_CLUSTERS)]
    return sorted(findings, key=lambda one: (one.code, one.fingerprint))


def objects_of(body: Any) -> dict[str, Any]:
    return dict(body) if isinstance(body, dict) else {"objects": body}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_order_of_clusters_and_objects_changes_nothing(case: Case) -> None:
    clusters = {context: objects_of(body) for context, body in case.body["clusters"].items()}
    turned = {context: body | {"objects": body["objects"][::-1]} for context, body in reversed(list(clusters.items()))}
    assert found(case, turned) == found(case, clusters)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_of_what_may_not_be_read_nothing_is_said(case: Case) -> None:
    kinds = ["Gateway", "ConfigMap", "Deployment", "DaemonSet", "Segment"]
    clusters = {context: objects_of(body) | {"forbidden": kinds} for context, body in case.body["clusters"].items()}
    assert found(case, clusters) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_of_clusters_that_do_not_answer_nothing_is_said(case: Case) -> None:
    clusters = {context: {"unreachable": True} for context in case.body["clusters"]}
    assert found(case, clusters) == []
