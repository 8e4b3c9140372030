"""Meshes to test laws with: up to three clusters as JSON objects, their entries right, wrong, missing or left over."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from mesh_cases import record_of

from meshglobal.app.picture import MeshSettings, mesh_queries
from meshglobal.domain import kinds
from meshglobal.domain.expectation import Expectation, Visibility, expect
from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.judge import Judge
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.domain.objects import Object
from meshglobal.domain.snapshot import ClusterSnapshot, Gap
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView, view_of
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.translate import translate

JSON = dict[str, Any]
Mesh = dict[str, list[JSON]]
"""Context -> objects."""

CONTEXTS = ("c1", "c2", "c3")
SERVICES = ("a", "b")
MODES = (None, "Any", "any", "PreferNetwork", "PreferSameZone", "Nearest")
QUERIES = tuple(mesh_queries(MeshSettings(), None))


def _object(kind: str, name: str, namespace: str = "", labels: JSON | None = None, **rest: Any) -> JSON:
    meta = {"name": name, "namespace": namespace, "labels": {k: v for k, v in (labels or {}).items() if v is not None}}
    return {"kind": kind, "metadata": meta, **rest}


scopes = st.sampled_from([None, None, "global", "global", "segment", "cluster", "global-only", "Global"])
takeovers = st.sampled_from([None, None, "true", "no"])


@st.composite
def services(draw: st.DrawFn, name: str) -> JSON:
    ports = draw(st.sampled_from([[(80, "http")], [(81, "http")], [(80, "grpc")], [(80, "http"), (90, "")]]))
    labels = {"solo.io/service-scope": draw(scopes), "solo.io/service-takeover": draw(takeovers)}
    spec = {"selector": {"app": name}, "ports": [{"port": number, "name": hint} for number, hint in ports]}
    found = _object("Service", name, "shop", labels, spec=spec)
    if mode := draw(st.sampled_from(MODES)):
        found["metadata"]["annotations"] = {"networking.istio.io/traffic-distribution": mode}
    return found


@st.composite
def declared(draw: st.DrawFn) -> list[JSON]:
    """What people put into one cluster."""
    network = draw(st.sampled_from([None, "n1", "n2", "n3"]))
    segment = draw(st.sampled_from([None, None, "acme", "none-such"]))
    found = [
        _object(
            "Namespace", "istio-system", labels={"topology.istio.io/network": network, "admin.solo.io/segment": segment}
        ),
        _object("Segment", "acme", "istio-system", spec={"domain": "mesh.acme"}),
        _object("Namespace", "shop", labels={"solo.io/service-scope": draw(scopes)}),
    ]
    return found + [draw(services(name)) for name in SERVICES if draw(st.booleans())]


meshes_declared: st.SearchStrategy[Mesh] = st.integers(1, 3).flatmap(
    lambda count: st.fixed_dictionaries({context: declared() for context in CONTEXTS[:count]})
)


def with_entries(mesh: Mesh, switches: Switches | None = None) -> Mesh:
    """The mesh as the emulated control plane leaves it, all clusters linked."""
    generated = translate(mesh, switches or Switches(peering="all", peer_segment="borrowed"))
    return {context: [*objects, *generated[context]] for context, objects in mesh.items()}


@st.composite
def odd_entries(draw: st.DrawFn) -> JSON:
    """An entry that may or may not be right where it is put."""
    name = draw(st.sampled_from(SERVICES))
    if draw(st.booleans()):
        peer = draw(st.sampled_from(["c1", "c2", "c3", "c9"]))
        return _object("WorkloadEntry", f"autogen.{peer}.shop.{name}", "istio-system", spec={"network": f"n{peer[1]}"})
    segment = draw(st.sampled_from(["", "acme."]))
    domain = draw(st.sampled_from(["mesh.internal", "mesh.acme", "mesh.wrong"]))
    port = {"number": draw(st.sampled_from([80, 81])), "name": "p", "protocol": "HTTP"}
    spec = {"hosts": [f"{name}.shop.{domain}"], "ports": [port], "resolution": "STATIC"}
    return _object("ServiceEntry", f"autogen.{segment}shop.{name}", "istio-system", spec=spec)


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    """A mesh with some generated entries lost and some odd ones added."""
    full = with_entries(draw(meshes_declared))
    for context, objects in full.items():
        kept = [found for found in objects if not found["kind"].endswith("Entry") or draw(st.integers(0, 4))]
        odd = draw(st.lists(odd_entries(), max_size=2, unique_by=lambda one: one["metadata"]["name"]))
        names = {found["metadata"]["name"] for found in odd}
        full[context] = [found for found in kept if found["metadata"]["name"] not in names] + odd
    return full


unread: st.SearchStrategy[frozenset[Kind]] = st.frozensets(
    st.sampled_from([kinds.NAMESPACE, kinds.SERVICE, kinds.SERVICE_ENTRY, kinds.WORKLOAD_ENTRY, kinds.SEGMENT]),
    max_size=3,
)


def snapshot_of(context: str, objects: list[JSON], gaps: frozenset[Kind] | None = frozenset()) -> ClusterSnapshot:
    """What is read from a cluster; ``gaps`` None: it cannot be reached."""
    if gaps is None:
        return ClusterSnapshot(context, gaps=(Gap(Failure(Cause.REFUSED, "connection refused")),))
    by_kind: dict[Kind, list[Object]] = {query.kind: [] for query in QUERIES if query.kind not in gaps}
    for found in map(record_of, objects):
        kind = next(kind for kind in kinds.KINDS if kind.record is type(found))
        if kind in by_kind:
            by_kind[kind].append(found)
    failed = [query for query in QUERIES if query.kind in gaps]
    return ClusterSnapshot(
        context,
        objects={kind: tuple(items) for kind, items in by_kind.items()},
        queries=tuple(query for query in QUERIES if query.kind in by_kind),
        gaps=tuple(Gap(Failure(Cause.FORBIDDEN, f"{query.kind.plural} forbidden"), query) for query in failed),
    )


def views_of(mesh: Mesh, gaps: dict[str, frozenset[Kind] | None] | None = None) -> tuple[ClusterView, ...]:
    """The views of all clusters, with these readings failed."""
    missing = gaps or {}
    return tuple(
        view_of(snapshot_of(context, objects, missing.get(context, frozenset())), ISTIO_NAMESPACE)
        for context, objects in mesh.items()
    )


def judged(views: tuple[ClusterView, ...], visibility: Visibility = Visibility.MESH) -> list[Verdict]:
    """All verdicts."""
    expectation: Expectation = expect(views, visibility)
    return Judge(views, expectation, ISTIO_NAMESPACE).verdicts()
