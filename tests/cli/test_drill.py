"""`drill failover` against a mesh with traffic: what is predicted, refused, observed, and that all is as before."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from drilled_mesh import BOTH, DRILL, SHORT, Drilled
from ran import Meshglobal, Ran
from served_mesh import served_mesh

from meshglobal.domain.drill import CLAIM, PROTECTED
from tests.sandbox.dataplane.calling import DEPLOYMENTS, SERVICES, Calling

MODE = "networking.istio.io/traffic-distribution"


@pytest.fixture(scope="module")
def _calling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), has_traffic=True) as mesh:
        yield Calling(mesh, "bookinfo")


@pytest.fixture
def drilled(_calling: Calling) -> Drilled:
    found = Drilled(_calling)
    found.reset()
    return found


@pytest.fixture
def drill(drilled: Drilled, meshglobal: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Meshglobal:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = str(drilled.calling.mesh.kubeconfig)
    return lambda *words: meshglobal(*DRILL, *SHORT, "--kubeconfig", path, *words)


def answered_by(ran: Ran, phase: str) -> set[str]:
    phases: list[dict[str, Any]] = ran.document["course"]["phases"]
    figures = next(one["figures"] for one in phases if one["phase"] == phase)
    return {one["context"] for one in figures["servedBy"]}


def codes(ran: Ran) -> list[str]:
    return [one["code"] for one in ran.document["findings"]]


def reasons(ran: Ran) -> list[str]:
    return [one["reason"] for one in ran.document["refusals"]]


def test_others_take_over_without_a_loss_and_all_is_as_before(
    drill: Meshglobal, drilled: Drilled, tmp_path: Path
) -> None:
    before = drilled.state()
    page, suite = tmp_path / "drill.html", tmp_path / "drill.xml"
    ran = drill("-o", "json", "--report", f"html={page}", "--report", f"junit={suite}")
    assert ran.code == 0, ran.err
    course = ran.document["course"]
    assert (ran.document["expected"]["ending"], course["observed"]) == ("failover", "failover")
    assert (course["lost"], course["isInferred"], course["hasReturned"]) == (0, False, True)
    assert 0 < course["firstRemote"] < 1
    assert answered_by(ran, "before") == {"cluster1"}
    assert "cluster2" in answered_by(ran, "away")
    assert answered_by(ran, "after") >= {"cluster1"}
    assert drilled.state() == before
    assert not list((tmp_path / "state" / "meshglobal" / "drills").iterdir())
    assert "<svg" in page.read_text()
    assert "other clusters answer" in page.read_text()
    assert ET.parse(suite).getroot().get("failures") == "0"  # noqa: S314 - our own file


def test_what_is_printed_for_people(drill: Meshglobal) -> None:
    ran = drill()
    assert ran.code == 0, ran.err
    assert ran.out.startswith("as predicted: other clusters answer; no calls lost; it answers again\n")
    assert "cluster1: deployment/productpage-v1: replicas 1, now 0" in ran.err
    assert "^ taken away" in ran.out


def test_the_label_is_taken_away_instead(drill: Meshglobal, drilled: Drilled) -> None:
    before = drilled.state()
    ran = drill("--mode", "cordon-label", "-o", "json", "--away", "2s")
    assert ran.code == 0, ran.err
    assert ran.document["touches"][0]["before"] == "global"
    assert ran.document["course"]["observed"] == "failover"
    assert drilled.state() == before


def test_a_namespace_that_publishes_is_overruled_for_a_while(drill: Meshglobal, drilled: Drilled) -> None:
    calling = drilled.calling
    calling.withdraw("productpage", "cluster1")
    calling.mark("cluster1", "namespaces", "bookinfo", "", labels={"solo.io/service-scope": "global"})
    before = drilled.state()
    ran = drill("--mode", "cordon-label", "-o", "json", "--dry-run")
    calling.mark("cluster1", "namespaces", "bookinfo", "", labels={"solo.io/service-scope": None})
    assert ran.code == 0, ran.err
    assert [(one["before"], one["after"]) for one in ran.document["touches"]] == [(None, "cluster")]
    assert drilled.state() == before


def test_with_nobody_to_take_over_it_refuses_and_forced_it_reports_the_outage(
    drill: Meshglobal, drilled: Drilled
) -> None:
    before = drilled.state()
    mesh = drilled.calling.mesh
    mesh.call(lambda: mesh.partitions.part(*BOTH))
    try:
        refused = drill("-o", "json")
        assert (refused.code, reasons(refused)) == (1, ["outage"])
        assert "cluster1 is not connected with it" in refused.err
        assert refused.document["course"] is None
        forced = drill("-o", "json", "--force-outage", "--max-time", "500ms")
    finally:
        mesh.call(lambda: mesh.partitions.join(*BOTH))
    assert forced.code == 1
    assert forced.document["course"]["observed"] == "outage"
    assert forced.document["course"]["lost"] > 0
    assert codes(forced) == ["MG550"]
    assert drilled.state() == before


def test_any_over_two_clusters_is_answered_by_both_before(drill: Meshglobal, drilled: Drilled) -> None:
    drilled.calling.publish("productpage", *BOTH, mode="Any")
    ran = drill("-o", "json", "--before", "1s", "--rate", "50")  # enough calls that one cluster has not all by chance
    drilled.calling.publish("productpage", *BOTH)
    assert ran.code == 0, ran.err
    assert ran.document["expected"]["before"] == ["cluster1", "cluster2"]
    assert answered_by(ran, "before") == set(BOTH)


@pytest.mark.parametrize(
    ("kind", "marks", "reason", "option"),
    [
        (DEPLOYMENTS, {"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}}, "owned", "--force-owner"),
        (DEPLOYMENTS, {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:x/y"}}, "owned", ""),
        (SERVICES, {"annotations": {PROTECTED: "true"}}, "protected", "--allow-protected"),
        (DEPLOYMENTS, {"annotations": {CLAIM: "id=1 by=somebody@elsewhere"}}, "open", ""),
    ],
    ids=["flux", "argo", "protected", "claimed"],
)
def test_what_belongs_to_others_is_refused_unless_told(
    drill: Meshglobal, drilled: Drilled, kind: str, marks: dict[str, dict[str, str]], reason: str, option: str
) -> None:
    name = "productpage" if kind == SERVICES else "productpage-v1"
    drilled.calling.mark("cluster1", kind, name, **marks)
    try:
        ran = drill("-o", "json", "--dry-run")
        told = drill("-o", "json", "--dry-run", option) if option else None
    finally:
        nothing = {section: dict.fromkeys(values) for section, values in marks.items()}
        drilled.calling.mark("cluster1", kind, name, **nothing)
    assert reasons(ran) == [reason]
    assert ran.code == {"owned": 2, "protected": 2, "open": 4}[reason]
    assert told is None or (told.code, told.document["refusals"]) == (0, [])


def test_a_protected_context_of_the_config_file_is_left_alone(drill: Meshglobal, tmp_path: Path) -> None:
    config = tmp_path / "config" / "meshglobal" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("protected-contexts: [prod-*, '*1']\n")
    ran = drill("-o", "json", "--dry-run")
    assert (ran.code, reasons(ran)) == (2, ["protected"])
    assert drill("-o", "json", "--dry-run", "--allow-protected").code == 0


def test_a_service_that_does_not_answer_is_not_taken_away(drill: Meshglobal, drilled: Drilled) -> None:
    before = drilled.state()
    ran = drill("-o", "json", "--path", "/productpage-is-not-here", "--port", "9080", "-H", "Accept: x")
    assert ran.code == 0, "404 is an answer"
    ran = drill("-o", "json", "--port", "81")
    assert (ran.code, reasons(ran)) == (1, ["failing"])
    assert "before anything was taken away" in ran.err
    assert drilled.state() == before


def test_calls_come_from_a_container_that_stays_where_that_is_asked_for(drill: Meshglobal) -> None:
    ran = drill("-o", "json", "--method", "ephemeral")
    assert ran.code == 0, ran.err
    assert "ephemeral container meshglobal-" in ran.document["remains"][0]


def test_the_pods_that_are_taken_away_cannot_call(drill: Meshglobal) -> None:
    ran = drill("--from", "app=productpage", "--dry-run")
    assert ran.code == 2
    assert "one of those that are taken away" in ran.err


def test_without_a_word_off_a_terminal_nothing_happens(meshglobal: Meshglobal, drilled: Drilled) -> None:
    words = [word for word in DRILL if word != "-y"]
    ran = meshglobal(*words, *SHORT, "--kubeconfig", str(drilled.calling.mesh.kubeconfig))
    assert ran.code == 2
    assert "needs consent" in ran.err


def test_a_document_is_one_also_where_the_cluster_is_none_of_the_selected(drill: Meshglobal) -> None:
    ran = drill("-o", "json", "--cluster", "cluster9")
    assert ran.code == 2
    assert "none of the selected clusters (cluster1, cluster2)" in json.loads(ran.out)["error"]["message"]


@pytest.mark.usefixtures("drill")
def test_the_rights_that_rbac_prints_are_enough(meshglobal: Meshglobal, drilled: Drilled) -> None:
    mesh = drilled.calling.mesh
    printed = meshglobal("rbac", "drill", "-n", "bookinfo", "--subject", "user:nobody", "-o", "json").document["items"]
    plurals = {kind: f"{kind.lower()}s.rbac.authorization.k8s.io" for kind in ("ClusterRole", "Role")}
    plurals |= {f"{kind}Binding": f"{kind.lower()}bindings.rbac.authorization.k8s.io" for kind in plurals}
    for cluster in BOTH:
        for one in printed:
            mesh.call(lambda: mesh.clusters[cluster].client().create(plurals[one["kind"]], copy.deepcopy(one)))  # noqa: B023 - called at once
    path = str(mesh.users_kubeconfig("nobody"))
    users = ("--context", "cluster1-nobody,cluster2-nobody", "--cluster", "cluster1-nobody")
    words = [word for word in DRILL if word not in ("--all-contexts", "--cluster", "cluster1")]
    ran = meshglobal(*words, *SHORT, *users, "--kubeconfig", path, "-o", "json")
    assert ran.code == 0, ran.err
    assert ran.document["course"]["observed"] == "failover"
