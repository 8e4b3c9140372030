"""Changes from the page that are refused: who may not ask, what cannot be asked for, and clusters out of reach."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acting import EXPOSE, JOURNAL, PLANS, apply, ask, done, metadata, newest, plan, scope
from served_dashboard import Dashboard, served_dashboard
from served_mesh import ServedMesh, served_mesh

from meshglobal.app.selecting import Request

BODY = json.dumps(EXPOSE).encode()
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2) as running:
        yield running


@pytest.fixture(scope="module")
def dashboard(mesh: ServedMesh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with served_dashboard(mesh.kubeconfig, journal=tmp_path_factory.mktemp("state") / "writes.jsonl") as served:
        served.shown_when(lambda found: all(one["reached"] for one in found["clusters"]))
        yield served


@pytest.fixture(autouse=True)
def unchanged(mesh: ServedMesh) -> Iterator[None]:
    """Nothing here changes a Service."""
    before = [metadata(mesh, name)["resourceVersion"] for name in mesh.clusters]
    yield
    assert [metadata(mesh, name)["resourceVersion"] for name in mesh.clusters] == before


def test_without_writes_there_is_no_route_that_writes(mesh: ServedMesh) -> None:
    with served_dashboard(mesh.kubeconfig) as reading:
        assert {route.method for route in reading.running.routes.table} == {"GET"}
        for path in (PLANS, f"{PLANS}/x/apply"):
            assert reading.page.ask(path, "POST", BODY, JSON).status == 404
        assert reading.page.ask(JOURNAL).status == 404
        assert reading.page.document("/api/v1/about")["writes"] is False


def test_the_page_is_told_that_it_may_write(dashboard: Dashboard) -> None:
    assert dashboard.page.document("/api/v1/about")["writes"] is True


@pytest.mark.parametrize("path", [PLANS, f"{PLANS}/x/apply"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": None}, 415),
    ],
)
def test_nobody_else_may_write(dashboard: Dashboard, path: str, headers: dict[str, str | None], status: int) -> None:
    answer = dashboard.page.ask(path, "POST", BODY, JSON | headers)
    assert (answer.status, bool(answer.document["error"]["message"])) == (status, True)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_page_of_another_site_is_not_even_allowed_to_ask_whether_it_may(dashboard: Dashboard) -> None:
    answer = dashboard.page.ask(
        PLANS, "OPTIONS", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"{}", 422),
        (json.dumps(EXPOSE | {"dryRun": "none"}).encode(), 422),
        (json.dumps(EXPOSE | {"names": ["x"] * 201}).encode(), 422),
        (b" " * 70_000, 413),
    ],
)
def test_a_body_is_exactly_what_it_must_be(dashboard: Dashboard, body: bytes, status: int) -> None:
    assert dashboard.page.ask(PLANS, "POST", body, JSON).status == status


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"action": "delete"}, 422, "delete"),
        ({"names": []}, 422, "name at least one service"),
        ({"names": ["../../kube-system"]}, 422, "KIND/NAME"),
        ({"names": ["autogen.bookinfo.details"]}, 422, "svc/details in namespace bookinfo"),
        ({"names": ["Details"]}, 422, "cannot be the name of a Service"),
        ({"namespace": "../x"}, 422, "give its name"),
        ({"namespace": None}, 422, "give its name"),
        ({"contexts": ["nowhere"]}, 422, "nowhere: no such context here"),
        ({"contexts": []}, 422, "no cluster was chosen"),
        ({"scope": "cluster"}, 422, "publishes nothing"),
        ({"scope": "everywhere"}, 422, "use global or segment"),
        ({"distribution": "PreferZone"}, 422, "use PreferNetwork, PreferClose"),
        ({"distribution": "unset"}, 422, "expose cannot take a distribution away"),
        ({"kind": "ns", "names": ["bookinfo"], "distribution": "Any"}, 422, "(R30)"),
        ({"action": "set"}, 422, "nothing to set"),
        ({"action": "set", "takeover": True, "scope": "global"}, 422, "set has no scope"),
        ({"action": "unexpose", "takeover": False}, 422, "unexpose has no takeover"),
        ({"optOut": True}, 422, "expose has no opt-out"),
        ({"names": ["detials"]}, 404, "not found"),
        ({"namespace": "bokinfo"}, 404, "not found"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    dashboard: Dashboard, asked: dict[str, Any], status: int, said: str
) -> None:
    answer = ask(dashboard, PLANS, EXPOSE | asked)
    assert (answer.status, said in answer.document["error"]["message"]) == (status, True), answer.body


def test_what_the_page_does_not_show_it_does_not_change(mesh: ServedMesh, tmp_path: Path) -> None:
    request = Request(None, "default")
    with served_dashboard(mesh.kubeconfig, request=request, journal=tmp_path / "writes.jsonl") as narrow:
        for asked in (EXPOSE, {"action": "expose", "kind": "ns", "names": ["bookinfo"]}):
            answer = ask(narrow, PLANS, asked)
            assert (answer.status, "only the namespace default" in answer.document["error"]["message"]) == (403, True)


def test_without_a_journal_nothing_is_written(mesh: ServedMesh, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with served_dashboard(mesh.kubeconfig, journal=tmp_path / "file" / "writes.jsonl") as dashboard:
        answer = apply(dashboard, plan(dashboard))
        assert (answer.status, "journal" in answer.document["error"]["message"]) == (503, True)
        assert str(tmp_path) not in answer.body.decode()
    assert scope(mesh, "cluster1") is None


def test_a_cluster_out_of_reach_is_left_out_unless_somebody_insists(tmp_path: Path) -> None:
    with (
        served_mesh(tmp_path, 2) as mesh,
        served_dashboard(mesh.kubeconfig, journal=tmp_path / "writes.jsonl") as dashboard,
    ):
        dashboard.shown_when(lambda found: all(one["reached"] for one in found["clusters"]))
        done(dashboard)
        mesh.stop_cluster("cluster2")
        dashboard.shown_when(lambda found: not found["clusters"][1]["reached"])
        made = plan(dashboard, action="unexpose", contexts=None)
        assert (made["leftOut"], [one["context"] for one in made["report"]["writes"]]) == (["cluster2"], ["cluster1"])
        assert "unless by cluster2, which could not be read" in " ".join(made["blast"])
        report = apply(dashboard, made).document
        assert (report["exitCode"], [one["status"] for one in report["writes"]]) == (4, ["changed"])
        assert scope(mesh, "cluster1") is None
        assert newest(dashboard)["outcome"] == "written"
        insisting = ask(dashboard, PLANS, EXPOSE | {"contexts": ["cluster2"]})
        assert (insisting.status, "cluster2 could not be read" in insisting.document["error"]["message"]) == (502, True)
