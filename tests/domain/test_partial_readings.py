"""Readings of single objects that failed, and snapshots that hold more than one reading asks for."""

from __future__ import annotations

from mesh_cases import record_of
from mesh_strategies import judged

from meshglobal.app.picture import MeshSettings, mesh_queries
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object
from meshglobal.domain.segments import Home, home_of
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, Query
from meshglobal.domain.verdict import State
from meshglobal.domain.view import ClusterView, view_of

ISTIO = "istio-system"
HOST = "a.shop.mesh.internal"
ENTRY = record_of(
    {
        "kind": "ServiceEntry",
        "metadata": {"name": "autogen.shop.a", "namespace": ISTIO},
        "spec": {"hosts": [HOST], "ports": [{"number": 80}], "resolution": "STATIC"},
    }
)
PEER = record_of(
    {
        "kind": "WorkloadEntry",
        "metadata": {"name": "autogen.second.shop.a", "namespace": ISTIO},
        "spec": {"network": "n2"},
    }
)


def namespace(name: str, **labels: str) -> Object:
    return record_of({"kind": "Namespace", "metadata": {"name": name, "labels": labels}})


def segment(namespace: str) -> Object:
    meta = {"name": "acme", "namespace": namespace}
    return record_of({"kind": "Segment", "metadata": meta, "spec": {"domain": "mesh.acme"}})


def view(context: str, objects: dict[Kind, tuple[Object, ...]], unread_namespace: str = "") -> ClusterView:
    """A cluster read for the namespace shop, where one Namespace could not be got."""
    queries = mesh_queries(MeshSettings(), "shop")
    failed = [query for query in queries if query.kind is kinds.NAMESPACE and query.name == unread_namespace]
    gaps = tuple(Gap(Failure(Cause.FORBIDDEN, "forbidden"), query) for query in failed)
    read = tuple(query for query in queries if query not in failed)
    return view_of(ClusterSnapshot(context, objects=objects, queries=read, gaps=gaps), ISTIO)


def test_a_peer_whose_network_was_not_read_may_be_the_one_that_an_entry_stands_for() -> None:
    first = view("c1", {kinds.SERVICE_ENTRY: (ENTRY,), kinds.WORKLOAD_ENTRY: (PEER,)})
    (verdict,) = judged((first, view("c2", {}, unread_namespace=ISTIO)))
    assert verdict.state is State.UNKNOWN
    assert verdict.reason == (
        "no cluster that could be read publishes it; c2: namespace istio-system could not be read: forbidden"
    )
    read = {kinds.NAMESPACE: (namespace(ISTIO, **{"topology.istio.io/network": "n2"}),)}
    (verdict,) = judged((first, view("c2", read)))
    assert verdict.state is State.STALE


def test_another_namespace_that_was_not_read_leaves_the_segment_known() -> None:
    system = namespace(ISTIO, **{"topology.istio.io/network": "n2"})
    found = view("c1", {kinds.NAMESPACE: (system,)}, unread_namespace="shop")
    assert found.home == Home(network="n2")


def test_a_namespace_of_the_control_plane_that_does_not_exist_means_the_default_segment() -> None:
    assert view("c1", {}).home == Home()


def test_without_a_reading_of_namespaces_nothing_is_known_of_the_segment() -> None:
    home = home_of(ClusterSnapshot("c1", queries=(Query(kinds.SERVICE),)), ISTIO)
    assert (home.domain, home.is_unread, home.is_segment_known) == (None, True, False)
    assert home.problem == "namespace istio-system could not be read: namespaces have not been read"


def test_a_segment_counts_in_the_namespace_of_the_control_plane_alone() -> None:
    system = namespace(ISTIO, **{"admin.solo.io/segment": "acme"})
    elsewhere = ClusterSnapshot(
        "c1",
        objects={kinds.NAMESPACE: (system,), kinds.SEGMENT: (segment("default"),)},
        queries=(Query(kinds.NAMESPACE), Query(kinds.SEGMENT)),
    )
    home = home_of(elsewhere, ISTIO)
    assert (home.segment, home.domain, home.is_unread) == ("acme", None, False)
    assert home.problem.endswith("there is no such Segment (R7)")
