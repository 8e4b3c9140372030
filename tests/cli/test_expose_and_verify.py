"""The main job from the command line, on real API servers: label, wait, verify, take back."""

from __future__ import annotations

from ran import Meshglobal
from served_mesh import ServedMesh

SCOPE = "solo.io/service-scope"
DISTRIBUTION = "networking.istio.io/traffic-distribution"
HOST = "productpage.bookinfo.mesh.internal"
BOTH = ("--context", "cluster1,cluster2")
ALL = ("--all-contexts",)


def version_of(mesh: ServedMesh, cluster: str) -> str:
    return mesh.get(cluster, "services", "bookinfo", "productpage")["metadata"]["resourceVersion"]


def test_one_command_does_what_the_guide_does_by_hand(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--traffic-distribution", "any")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[:3] == [
        "cluster1: service/productpage labeled, annotated",
        "cluster2: service/productpage labeled, annotated",
        f"global host: {HOST}",
    ]
    for cluster in ("cluster1", "cluster2"):
        metadata = mesh.get(cluster, "services", "bookinfo", "productpage")["metadata"]
        assert metadata["labels"][SCOPE] == "global"
        assert metadata["annotations"][DISTRIBUTION] == "Any"
        entry = mesh.get(cluster, "serviceentries.networking.istio.io", "istio-system", "autogen.bookinfo.productpage")
        assert entry["spec"]["hosts"] == [HOST]


def test_the_second_run_writes_nothing_and_says_so(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    first = meshglobal("expose", "svc/productpage", "-n", "bookinfo", *BOTH)
    before = {cluster: version_of(mesh, cluster) for cluster in ("cluster1", "cluster2")}
    ran = meshglobal("expose", "svc/productpage", "-n", "bookinfo", *BOTH)
    assert (first.code, ran.code) == (0, 0)
    assert ran.out.splitlines()[0] == "cluster1: service/productpage not labeled (unchanged)"
    assert before == {cluster: version_of(mesh, cluster) for cluster in ("cluster1", "cluster2")}


def test_only_our_keys_are_patched_under_our_name(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    before = mesh.get("cluster1", "services", "bookinfo", "productpage")
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH)
    after = mesh.get("cluster1", "services", "bookinfo", "productpage")
    assert after["spec"] == before["spec"]
    assert after["metadata"]["labels"] == before["metadata"]["labels"] | {SCOPE: "global"}
    ours = [fields for fields in after["metadata"]["managedFields"] if fields["manager"] == "meshglobal"]
    assert [fields["fieldsV1"] for fields in ours] == [{"f:metadata": {"f:labels": {f"f:{SCOPE}": {}}}}]


def test_a_cluster_whose_service_is_not_labelled_is_reachable_but_not_aggregated(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH)
    ran = meshglobal("verify", "-n", "bookinfo", *ALL, "-o", "json")
    assert ran.states() == {"cluster1": "Ready", "cluster2": "Ready", "cluster3": "Partial"}
    assert ran.code == 0
    assert meshglobal("verify", "-n", "bookinfo", *ALL, "--fail-on", "warning").code == 1


def test_after_unexpose_in_one_cluster_the_entry_stays_while_another_publishes_it(
    mesh: ServedMesh, meshglobal: Meshglobal
) -> None:
    del mesh
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH)
    ran = meshglobal("unexpose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1", "--yes")
    assert ran.code == 0, ran.err
    ran = meshglobal("verify", "svc/productpage", "-n", "bookinfo", *BOTH, "-o", "json")
    assert ran.states() == {"cluster1": "Partial", "cluster2": "Ready"}


def test_unexpose_everywhere_waits_until_the_host_is_gone(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *ALL)
    ran = meshglobal("unexpose", "svc", "productpage", "-n", "bookinfo", *ALL, "--yes")
    assert ran.code == 0, ran.err
    assert f"no longer published by any selected cluster: {HOST}" in ran.out
    labels = mesh.get("cluster2", "services", "bookinfo", "productpage")["metadata"]["labels"]
    assert SCOPE not in labels


def test_a_namespace_is_exposed_after_its_blast_radius_was_shown(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    refused = meshglobal("expose", "ns", "bookinfo", *BOTH)
    assert refused.code == 2
    assert "bookinfo/details turns global: cluster1, cluster2" in refused.err
    assert "--yes" in refused.err
    assert SCOPE not in mesh.get("cluster1", "namespaces", None, "bookinfo")["metadata"]["labels"]
    ran = meshglobal("expose", "ns", "bookinfo", *BOTH, "--yes", "-o", "json")
    assert ran.code == 0
    assert len(ran.document["expectedHosts"]) == 4
    assert {host["state"] for host in ran.document["hosts"]} == {"Ready"}


def test_a_dry_run_sends_no_write(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    before = version_of(mesh, "cluster1")
    client = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--dry-run", "client")
    server = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--dry-run=server")
    assert (client.code, server.code) == (0, 0)
    assert client.out.splitlines()[0] == "cluster1: service/productpage labeled (dry run)"
    assert server.out.splitlines()[0] == "cluster1: service/productpage labeled (server dry run)"
    assert version_of(mesh, "cluster1") == before


def test_another_value_is_replaced_only_when_asked(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--scope", "segment")
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH)
    assert ran.code == 4
    assert f"'{SCOPE}' already has a value (segment)" in ran.err
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--overwrite")
    assert ran.code == 0
    labels = mesh.get("cluster2", "services", "bookinfo", "productpage")["metadata"]["labels"]
    assert labels[SCOPE] == "global"


def test_services_can_be_chosen_by_label(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "svc", "-l", "app in (details,reviews)", "-n", "bookinfo", *BOTH, "-o", "json")
    assert ran.code == 0, ran.err
    assert sorted({write["name"] for write in ran.document["writes"]}) == ["details", "reviews"]
    wrong = meshglobal("verify", "-l", "app in", "-n", "bookinfo", *BOTH)
    assert wrong.code == 2
    assert "app in" in wrong.err


def test_bad_values_are_refused_before_anything_is_sent(meshglobal: Meshglobal) -> None:
    """There is no kubeconfig here at all: nothing could be sent."""
    mode = meshglobal("expose", "svc", "x", "--traffic-distribution", "PreferZone")
    assert (mode.code, "PreferNetwork, PreferClose, PreferRegion, Any" in mode.err) == (2, True)
    scope = meshglobal("expose", "svc", "x", "--scope", "globl")
    assert (scope.code, "use global or segment" in scope.err) == (2, True)
    legacy = meshglobal("expose", "svc", "x", "--scope", "global-only")
    assert (legacy.code, "--scope global --takeover" in legacy.err) == (2, True)
    entry = meshglobal("expose", "svc", "autogen.bookinfo.productpage")
    assert (entry.code, "svc/productpage in namespace bookinfo" in entry.err) == (2, True)
    kind = meshglobal("expose", "pod", "x")
    assert (kind.code, "use svc or ns" in kind.err) == (2, True)


def test_takeover_with_the_default_mode_warns_and_does_not_fail(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--takeover", "--yes")
    assert ran.code == 0
    assert "takeover with PreferNetwork (the default)" in ran.err
    assert "(R27)" in ran.err


def test_list_and_describe_show_each_cluster(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    meshglobal("expose", "svc", "productpage", "-n", "bookinfo", *BOTH, "--traffic-distribution", "Any")
    ran = meshglobal("list", "-A", *ALL)
    rows = [line.split() for line in ran.out.splitlines()]
    assert rows[0] == ["NAMESPACE", "NAME", "CONTEXT", "STATE", "SCOPE", "ENDPOINTS", "TAKEOVER", "DISTRIBUTION", "AGE"]
    assert rows[1][:8] == ["bookinfo", "productpage", "cluster1", "Ready", "global", "1/1", "-", "Any"]
    assert rows[3][:8] == ["bookinfo", "productpage", "cluster3", "Partial", "cluster", "1/1", "-", "(PreferNetwork)"]
    described = meshglobal("describe", "svc", "ratings", "-n", "bookinfo", *ALL)
    assert "<none>: no cluster publishes it" in described.out
    assert meshglobal("get", "-n", "nowhere", *ALL).err == "No global services found in nowhere namespace.\n"
    assert meshglobal("list", "-A", *ALL, "-o", "name").out == "service/productpage\n"
