"""Changes from the page, on real API servers: shown before, guarded by what was read, and written down."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import (
    EXPOSE,
    JOURNAL,
    PATCH,
    PLANS,
    annotate,
    apply,
    ask,
    done,
    label,
    metadata,
    newest,
    plan,
    scope,
    wait_until_running,
)
from pages import Reply
from served_dashboard import Dashboard, served_dashboard
from served_mesh import ServedMesh, served_mesh

from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER, TRAFFIC_DISTRIBUTION
from meshglobal.sandbox.apiserver.faults import Fault

HOST = "details.bookinfo.mesh.internal"


@pytest.fixture(scope="module")
def module_mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 3) as running:
        yield running


@pytest.fixture(scope="module")
def module_dashboard(module_mesh: ServedMesh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    journal = tmp_path_factory.mktemp("state") / "writes.jsonl"
    with served_dashboard(module_mesh.kubeconfig, journal=journal, protected=("cluster3",)) as served:
        served.shown_when(lambda found: all(one["reached"] for one in found["clusters"]))
        yield served


@pytest.fixture
def mesh(module_mesh: ServedMesh) -> Iterator[ServedMesh]:
    """As it was before, after each test."""
    yield module_mesh
    for name in module_mesh.clusters:
        module_mesh.call(module_mesh.clusters[name].faults.clear)
        annotate(module_mesh, name, None)
        for service in ("details", "reviews"):
            label(module_mesh, name, service, {SERVICE_SCOPE: None, SERVICE_TAKEOVER: None})


@pytest.fixture
def dashboard(module_dashboard: Dashboard, mesh: ServedMesh) -> Dashboard:
    del mesh
    return module_dashboard


def test_what_is_planned_is_shown_and_nothing_is_written(mesh: ServedMesh, dashboard: Dashboard) -> None:
    before = [metadata(mesh, name)["resourceVersion"] for name in mesh.clusters]
    made = plan(dashboard)
    assert made["extent"] == "change 2 objects in 2 clusters"
    assert made["diff"][:2] == [
        "cluster1: service/details in namespace bookinfo",
        f"  + labels: {SERVICE_SCOPE}=global",
    ]
    assert made["blast"][0] == "bookinfo/details turns global: cluster1, cluster2"
    assert made["command"] == "meshglobal expose svc details -n bookinfo --context cluster1,cluster2"
    assert (made["report"]["dryRun"], made["needsNames"], made["leftOut"]) == ("server", [], [])
    assert [write["status"] for write in made["report"]["writes"]] == ["would-change", "would-change"]
    assert before == [metadata(mesh, name)["resourceVersion"] for name in mesh.clusters]


def test_what_was_agreed_to_is_written_and_waited_for(mesh: ServedMesh, dashboard: Dashboard) -> None:
    before = metadata(mesh, "cluster1")
    report = done(dashboard)
    assert (report["kind"], report["exitCode"], report["expectedHosts"]) == ("Report", 0, [HOST])
    assert {host["context"]: host["state"] for host in report["hosts"]}["cluster1"] == "Ready"
    assert [scope(mesh, name) for name in mesh.clusters] == ["global", "global", None]
    after = metadata(mesh, "cluster1")
    assert after["labels"] == before["labels"] | {SERVICE_SCOPE: "global"}
    ours = [one["fieldsV1"] for one in after["managedFields"] if one["manager"] == "meshglobal"]
    assert ours == [{"f:metadata": {"f:labels": {f"f:{SERVICE_SCOPE}": {}}}}]


def test_it_is_taken_back_again(mesh: ServedMesh, dashboard: Dashboard) -> None:
    done(dashboard, takeover=True)
    made = plan(dashboard, action="unexpose")
    assert f"{HOST} is no longer published by any selected cluster" in made["blast"]
    assert apply(dashboard, made).document["exitCode"] == 0
    assert [scope(mesh, name) for name in mesh.clusters] == [None, None, None]
    assert SERVICE_TAKEOVER not in metadata(mesh, "cluster1")["labels"]


def test_all_clusters_count_though_only_one_is_changed(mesh: ServedMesh, dashboard: Dashboard) -> None:
    done(dashboard, contexts=["cluster1"])
    made = plan(dashboard, contexts=["cluster2"])
    assert f"{HOST} gathers the endpoints of several clusters: cluster1, cluster2" in made["blast"]
    assert [write["context"] for write in made["report"]["writes"]] == ["cluster2"]
    assert made["command"].endswith("--context cluster2")
    assert apply(dashboard, made).status == 200
    assert [scope(mesh, name) for name in mesh.clusters] == ["global", "global", None]


def test_takeover_and_distribution_are_set_alone(mesh: ServedMesh, dashboard: Dashboard) -> None:
    done(dashboard)
    made = plan(dashboard, action="set", takeover=True, distribution="preferclose")
    assert made["command"] == (
        "meshglobal expose svc details --takeover --traffic-distribution PreferClose -n bookinfo "
        "--context cluster1,cluster2"
    )
    assert apply(dashboard, made).document["exitCode"] == 0
    assert metadata(mesh, "cluster2")["labels"][SERVICE_TAKEOVER] == "true"
    assert metadata(mesh, "cluster2")["annotations"][TRAFFIC_DISTRIBUTION] == "PreferClose"
    made = plan(dashboard, action="set", takeover=False, distribution="unset")
    assert made["command"].splitlines()[:2] == [
        f"kubectl --context cluster1 -n bookinfo label service details {SERVICE_TAKEOVER}-",
        f"kubectl --context cluster1 -n bookinfo annotate service details {TRAFFIC_DISTRIBUTION}-",
    ]
    assert apply(dashboard, made).status == 200
    assert TRAFFIC_DISTRIBUTION not in metadata(mesh, "cluster1").get("annotations", {})
    assert scope(mesh, "cluster1") == "global"


def test_where_the_scope_would_be_set_as_well_the_command_is_another(dashboard: Dashboard) -> None:
    made = plan(dashboard, action="set", takeover=True)
    assert made["command"].startswith("kubectl --context cluster1 -n bookinfo label service details ")


def test_a_namespace_is_exposed_as_a_whole(mesh: ServedMesh, dashboard: Dashboard) -> None:
    made = plan(dashboard, kind="ns", namespace=None, names=["bookinfo"])
    assert "bookinfo/reviews turns global: cluster1, cluster2" in made["blast"]
    assert apply(dashboard, made).document["exitCode"] == 0
    assert mesh.get("cluster1", "namespaces", None, "bookinfo")["metadata"]["labels"][SERVICE_SCOPE] == "global"
    done(dashboard, action="unexpose", kind="ns", namespace=None, names=["bookinfo"])


def test_another_value_is_replaced_only_when_that_is_wanted(mesh: ServedMesh, dashboard: Dashboard) -> None:
    done(dashboard, scope="segment")
    answer = ask(dashboard, PLANS, EXPOSE | {"contexts": ["cluster1"]})
    assert (answer.status, "already has a value (segment)" in answer.document["error"]["message"]) == (409, True)
    made = plan(dashboard, overwrite=True)
    assert f"  - labels: {SERVICE_SCOPE}=segment" in made["diff"]
    assert "--overwrite" in made["command"]
    assert apply(dashboard, made).status == 200
    assert scope(mesh, "cluster1") == "global"


@pytest.mark.parametrize("contexts", [["cluster1"], ["cluster1", "cluster2"]])
@pytest.mark.parametrize("more", [{}, {"overwrite": True}])
def test_what_somebody_else_wrote_meanwhile_is_never_overwritten(
    mesh: ServedMesh, dashboard: Dashboard, contexts: list[str], more: dict[str, bool]
) -> None:
    made = plan(dashboard, contexts=contexts, **more)
    label(mesh, "cluster1", "details", {SERVICE_SCOPE: "segment"})
    answer = apply(dashboard, made)
    assert answer.status == 409
    assert "nothing was written: cluster1: service/details:" in answer.document["error"]["message"]
    assert 'is now "segment"' in answer.document["error"]["message"]
    assert answer.document["report"]["exitCode"] == 4
    assert [scope(mesh, name) for name in ("cluster1", "cluster2")] == ["segment", None]
    entry = newest(dashboard)
    assert (entry["state"], entry["outcome"]) == ("ended", "nothing")


def test_a_change_of_something_else_meanwhile_is_kept(mesh: ServedMesh, dashboard: Dashboard) -> None:
    made = plan(dashboard)
    label(mesh, "cluster1", "details", {"team": "red"})
    assert apply(dashboard, made).status == 200
    labels = metadata(mesh, "cluster1")["labels"]
    assert (labels["team"], labels[SERVICE_SCOPE]) == ("red", "global")
    label(mesh, "cluster1", "details", {"team": None})


def test_a_plan_works_once(dashboard: Dashboard) -> None:
    made = plan(dashboard)
    assert apply(dashboard, made).status == 200
    again = apply(dashboard, made)
    assert (again.status, again.document["error"]["hint"]) == (404, "make it again")
    assert ask(dashboard, f"{PLANS}/nothing/apply", {}).status == 404


def test_of_a_protected_cluster_the_name_must_be_typed(mesh: ServedMesh, dashboard: Dashboard) -> None:
    made = plan(dashboard, contexts=["cluster1", "cluster3"])
    assert made["needsNames"] == ["cluster3"]
    for typed in ((), ("cluster1",), ("cluster3 ",)):
        refused = apply(dashboard, made, *typed)
        assert (refused.status, "cluster3 is protected" in refused.document["error"]["message"]) == (403, True)
    assert scope(mesh, "cluster1") is None
    assert apply(dashboard, made, "cluster3").status == 200
    assert scope(mesh, "cluster3") == "global"


def test_it_is_written_down_who_changed_what(dashboard: Dashboard) -> None:
    made = plan(dashboard)
    apply(dashboard, made)
    entry = newest(dashboard)
    assert (entry["state"], entry["outcome"], entry["source"]) == ("ended", "written", "dashboard")
    assert entry["command"] == made["command"]
    [first, second] = entry["objects"]
    assert (first["context"], first["kind"], first["namespace"], first["name"]) == (
        "cluster1",
        "Service",
        "bookinfo",
        "details",
    )
    assert first["changes"] == [{"section": "labels", "key": SERVICE_SCOPE, "before": None, "after": "global"}]
    assert second["uid"]
    assert [write["status"] for write in entry["writes"]] == ["changed", "changed"]


def test_what_is_so_already_is_neither_sent_nor_written_down(mesh: ServedMesh, dashboard: Dashboard) -> None:
    done(dashboard)
    before, version = newest(dashboard), metadata(mesh, "cluster1")["resourceVersion"]
    made = plan(dashboard)
    assert (made["extent"], made["diff"]) == ("change 0 objects in 0 clusters", [])
    assert [one["status"] for one in apply(dashboard, made).document["writes"]] == ["unchanged", "unchanged"]
    assert (newest(dashboard), metadata(mesh, "cluster1")["resourceVersion"]) == (before, version)


def test_a_refusal_of_one_server_shows_in_the_plan_and_stops_the_others(mesh: ServedMesh, dashboard: Dashboard) -> None:
    mesh.fault("cluster2", Fault(methods=PATCH, status=403))
    made = plan(dashboard)
    assert [one["status"] for one in made["report"]["writes"]] == ["would-change", "failed"]
    answer = apply(dashboard, made)
    assert (answer.status, answer.document["report"]["writes"][0]["failure"]["cause"]) == (502, "forbidden")
    assert "nothing was written: cluster2: service/details:" in answer.document["error"]["message"]
    assert [scope(mesh, name) for name in mesh.clusters] == [None, None, None]


def test_a_cluster_that_fails_while_it_is_written_leaves_it_partly_written(
    mesh: ServedMesh, dashboard: Dashboard
) -> None:
    made = plan(dashboard)
    faults = mesh.clusters["cluster2"].faults
    mesh.call(lambda: faults.set("the trial passes", Fault(methods=PATCH, left=1)))
    mesh.call(lambda: faults.set("the write does not", Fault(methods=PATCH, status=403)))
    answer = apply(dashboard, made)
    assert answer.status == 200, answer.body
    ends = {one["context"]: one["status"] for one in answer.document["writes"]}
    assert (ends, answer.document["exitCode"]) == ({"cluster1": "changed", "cluster2": "failed"}, 4)
    assert newest(dashboard)["outcome"] == "partly"
    assert [scope(mesh, name) for name in mesh.clusters] == ["global", None, None]


def test_two_who_change_the_same_do_not_do_it_at_once(mesh: ServedMesh, dashboard: Dashboard) -> None:
    one, other = plan(dashboard), plan(dashboard, takeover=True)
    mesh.fault("cluster1", Fault(methods=PATCH, latency=1.0))
    answers: list[Reply] = []
    first = threading.Thread(target=lambda: answers.append(apply(dashboard, one)))
    first.start()
    wait_until_running(dashboard, one)
    refused = apply(dashboard, other)
    first.join()
    assert (refused.status, "right now" in refused.document["error"]["message"]) == (409, True)
    assert answers[0].status == 200
    assert SERVICE_TAKEOVER not in metadata(mesh, "cluster1")["labels"]


def test_what_was_begun_goes_on_when_the_page_goes_away(mesh: ServedMesh, dashboard: Dashboard) -> None:
    made = plan(dashboard)
    mesh.fault("cluster1", Fault(methods=PATCH, latency=0.5))
    page = dashboard.page
    connection = http.client.HTTPConnection("127.0.0.1", page.port)
    headers = {"Authorization": f"Bearer {page.token}", "Content-Type": "application/json"}
    connection.request("POST", f"{PLANS}/{made['id']}/apply", b"{}", headers)
    wait_until_running(dashboard, made)
    connection.close()
    dashboard.shown_when(lambda document: document["entries"][0]["state"] != "running", JOURNAL)
    assert newest(dashboard)["outcome"] == "written"
    assert scope(mesh, "cluster2") == "global"


def test_nothing_of_the_user_is_in_the_journal(dashboard: Dashboard, mesh: ServedMesh) -> None:
    done(dashboard)
    path = dashboard.running.desk.around.recorder.journal.path if dashboard.running.desk is not None else Path()
    text = path.read_text()
    assert "details" in text
    for secret in (dashboard.page.token, str(mesh.kubeconfig), str(mesh.kubeconfig.parent), str(path.parent)):
        assert secret not in text
