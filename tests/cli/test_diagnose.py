"""`diagnose` on real API servers: break one link, and see this link and its finding, and no other cause."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from ran import Meshglobal, Ran
from served_mesh import ServedMesh

from meshglobal.sandbox.apiserver.faults import Fault

GATEWAYS = "gateways.gateway.networking.k8s.io"
ENTRIES = "serviceentries.networking.istio.io"
TARGET = ("svc", "productpage", "-n", "bookinfo", "--all-contexts")
SCOPE = "solo.io/service-scope"


@pytest.fixture
def exposed(mesh: ServedMesh, meshglobal: Meshglobal) -> ServedMesh:
    """A mesh whose productpage is global everywhere."""
    ran = meshglobal("expose", *TARGET)
    assert ran.code == 0, ran.err
    return mesh


def diagnosed(meshglobal: Meshglobal) -> Ran:
    return meshglobal("diagnose", *TARGET, "-o", "json")


def broken(ran: Ran) -> dict[str, str]:
    """Context to the name of its broken link."""
    return {
        chain["context"]: link["name"]
        for chain in ran.document["chains"]
        for link in chain["links"]
        if link["outcome"] == "broken"
    }


def change(
    mesh: ServedMesh, cluster: str, resource: str, place: tuple[str | None, str], edit: Callable[[Any], Any]
) -> None:
    def do() -> None:
        client = mesh.clusters[cluster].client()
        found = client.get(resource, *place)
        assert found is not None
        client.replace(resource, edit(found))

    mesh.call(do)


def without_labels(found: Any) -> Any:
    return found | {"metadata": found["metadata"] | {"labels": {}}}


def settled(meshglobal: Meshglobal, is_so: Callable[[Ran], bool]) -> Ran:
    """Diagnose until controllers have done their part; each run reads anew."""
    ran = diagnosed(meshglobal)
    for _ in range(100):
        if is_so(ran):
            return ran
        ran = diagnosed(meshglobal)
    pytest.fail(f"never came: {ran.out}")


def test_a_healthy_service_is_ok_in_every_link(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    del exposed
    ran = diagnosed(meshglobal)
    assert (ran.code, ran.document["cause"]) == (0, None)
    outcomes = [(link["name"], link["outcome"]) for chain in ran.document["chains"] for link in chain["links"]]
    assert len(outcomes) == 33
    assert {outcome for _, outcome in outcomes} == {"ok"}
    text = meshglobal("diagnose", *TARGET)
    assert text.out.splitlines()[0] == "bookinfo/productpage (productpage.bookinfo.mesh.internal)"
    assert text.out.splitlines()[-1] == "no broken link found"


def test_an_entry_that_is_gone(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed.stop_control_plane()
    client = exposed.clusters["cluster2"].client()
    exposed.call(lambda: client.delete(ENTRIES, "istio-system", "autogen.bookinfo.productpage"))
    ran = diagnosed(meshglobal)
    assert (ran.code, broken(ran)) == (1, {"cluster2": "entry"})
    assert (ran.document["cause"]["code"], ran.document["cause"]["contexts"]) == ("MG201", ["cluster2"])
    links = next(chain["links"] for chain in ran.document["chains"] if chain["context"] == "cluster2")
    assert {link["outcome"] for link in links[5:]} == {"not checked"}


def test_a_label_that_is_missing_in_one_cluster_is_a_warning(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    change(exposed, "cluster3", "services", ("bookinfo", "productpage"), without_labels)
    ran = diagnosed(meshglobal)
    assert (ran.code, broken(ran)) == (0, {"cluster3": "scope"})
    cause = ran.document["cause"]
    assert cause["remedy"] == "meshglobal expose svc productpage -n bookinfo --context cluster3"
    assert meshglobal(*cause["remedy"].split()[1:]).code == 0
    assert meshglobal("diagnose", *TARGET, "--fail-on", "warning").code == 0


def test_a_service_that_is_global_nowhere_has_one_cause_for_all(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    ran = diagnosed(meshglobal)
    assert (ran.code, broken(ran)) == (1, dict.fromkeys(("cluster1", "cluster2", "cluster3"), "scope"))
    remedy = ran.document["cause"]["remedy"]
    assert remedy == "meshglobal expose svc productpage -n bookinfo --context cluster1,cluster2,cluster3"
    assert meshglobal(*remedy.split()[1:]).code == 0
    assert diagnosed(meshglobal).code == 0


def test_a_link_between_clusters_that_is_missing(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    client = exposed.clusters["cluster1"].client()
    exposed.call(lambda: client.delete(GATEWAYS, "istio-eastwest", "istio-remote-peer-cluster2"))
    ran = settled(meshglobal, lambda ran: broken(ran) == {"cluster1": "peers joined"})
    assert ran.code == 1
    cause = ran.document["cause"]
    assert (cause["code"], cause["contexts"]) == ("MG303", ["cluster1"])
    assert cause["remedy"] == "istioctl multicluster link --contexts cluster1,cluster2 --namespace istio-eastwest"


def test_no_endpoint_anywhere(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    def scale(found: Any) -> Any:
        return found | {"spec": found["spec"] | {"replicas": 0}}

    change(exposed, "cluster1", "deployments.apps", ("bookinfo", "productpage-v1"), scale)
    ran = settled(
        meshglobal,
        lambda ran: "0 of 0 ready here, served by cluster2, cluster3" in ran.out,
    )
    assert (ran.code, broken(ran)) == (0, {})
    for cluster in ("cluster2", "cluster3"):
        change(exposed, cluster, "deployments.apps", ("bookinfo", "productpage-v1"), scale)
    ran = settled(meshglobal, lambda ran: len(broken(ran)) == 3)
    assert (ran.code, set(broken(ran).values())) == (1, {"endpoints"})


def test_a_namespace_outside_the_mesh(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    change(exposed, "cluster2", "namespaces", (None, "bookinfo"), without_labels)
    ran = diagnosed(meshglobal)
    assert broken(ran) == {"cluster2": "enrolment"}
    assert ran.document["cause"]["remedy"] == (
        "kubectl --context cluster2 label namespace bookinfo istio.io/dataplane-mode=ambient --overwrite"
    )


def test_a_cluster_that_does_not_answer(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed.stop_cluster("cluster3")
    ran = diagnosed(meshglobal)
    assert (ran.code, broken(ran)) == (3, {"cluster3": "reachable"})
    assert ran.document["cause"]["level"] == "unknown"


def test_a_control_plane_that_is_down_explains_an_entry_that_is_missing(
    exposed: ServedMesh, meshglobal: Meshglobal
) -> None:
    def scale(found: Any) -> Any:
        return found | {"spec": found["spec"] | {"replicas": 0}}

    exposed.stop_control_plane()
    client = exposed.clusters["cluster1"].client()
    exposed.call(lambda: client.delete(ENTRIES, "istio-system", "autogen.bookinfo.productpage"))
    change(exposed, "cluster1", "deployments.apps", ("istio-system", "istiod"), scale)
    ran = settled(meshglobal, lambda ran: ran.document["cause"]["code"] == "MG307")
    assert (ran.code, broken(ran)) == (1, {"cluster1": "entry"})


def test_who_publishes_is_not_claimed_while_a_cluster_cannot_be_read(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "--context", "cluster3")
    assert ran.code == 0, ran.err
    mesh.stop_cluster("cluster3")
    ran = diagnosed(meshglobal)
    assert (ran.code, broken(ran)) == (3, {"cluster3": "reachable"})
    links = {link["name"]: link for link in ran.document["chains"][0]["links"]}
    assert links["scope"]["message"] == "not published here; cluster3 could not be read"
    assert links["scope"]["level"] == "unknown"


def test_what_is_no_service_is_refused(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    del mesh
    assert meshglobal("diagnose", "ns", "bookinfo", "--all-contexts").code == 2
    ran = meshglobal("diagnose", "svc", "productpag", "-n", "bookinfo", "--all-contexts")
    assert (ran.code, "did you mean productpage?" in ran.err) == (1, True)


def test_where_nothing_is_broken_the_finding_to_look_at_first_is_a_doubt(
    exposed: ServedMesh, meshglobal: Meshglobal
) -> None:
    del exposed
    assert meshglobal("expose", *TARGET, "--takeover", "--yes").code == 0
    ran = diagnosed(meshglobal)
    doubt = ran.document["doubt"]
    assert (ran.code, ran.document["cause"], doubt["code"], doubt["link"]) == (0, None, "MG107", "")
    assert doubt["contexts"] == ["cluster1", "cluster2", "cluster3"]
    shown = meshglobal("diagnose", *TARGET).out.splitlines()
    assert shown[-3] == "no broken link found"
    assert shown[-2].startswith("doubt: cluster1, cluster2, cluster3: takeover with PreferNetwork")
    assert shown[-1] == f"next:  {doubt['remedy']}"
    assert meshglobal(*doubt["remedy"].split()[1:]).code == 0
    assert diagnosed(meshglobal).document["doubt"] is None


def test_what_could_not_be_read_is_not_known_rather_than_doubtful(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    exposed.fault("cluster1", Fault(status=403, path="*/serviceentries*"))
    ran = meshglobal("diagnose", *TARGET)
    assert ran.code == 3
    shown = ran.out.splitlines()[-1]
    assert shown.startswith("unknown: cluster1: ")
    assert shown.endswith("[MG602]")


def test_a_service_that_may_not_be_read_is_never_called_absent(exposed: ServedMesh, meshglobal: Meshglobal) -> None:
    users = ("--kubeconfig", str(exposed.users_kubeconfig("nobody")), "--context", "cluster1-nobody,cluster2-nobody")
    ran = meshglobal("diagnose", "svc", "productpage", "-n", "bookinfo", *users)
    assert ran.code == 3
    assert "there is no Service here" not in ran.out
    assert "no cluster publishes it" not in ran.out
    assert ran.out.startswith("bookinfo/productpage (host not known: not all could be read)\n")
    for link in ("scope", "endpoints", "enrolment"):
        assert re.search(rf"^  {link} +not checked +services is forbidden", ran.out, re.MULTILINE), link
