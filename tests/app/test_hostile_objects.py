"""Whatever stands in the clusters: each command answers, and each format of its answer can be read again.

Objects are plausible at first. Then some of their values are lost, exchanged for others of any type, or made long
and hostile; they come as bodies of an API server, and are decoded as the adapter decodes them.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import parsed_reports as parsed
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mesh_strategies import Mesh, meshes
from sample_reports import HOSTILE

from meshglobal.app.checking import check_clusters
from meshglobal.app.diagnosing import diagnose_service
from meshglobal.app.listing import describe_service, list_services
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent, Member
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify
from meshglobal.domain import kinds
from meshglobal.domain.errors import MeshglobalError
from meshglobal.domain.known import Document
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Object
from meshglobal.domain.plan import Step, StepResult
from meshglobal.domain.report import Report
from meshglobal.domain.snapshot import ClusterSnapshot, Gap, MeshSnapshot, Query
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.targets import Targets
from meshglobal.domain.thinning import Thin
from meshglobal.kube.answer import page_of
from meshglobal.kube.failing import ClusterError
from meshglobal.render.catalogue import NAMES, text_of
from meshglobal.render.report import show_report
from meshglobal.render.screen import Screen

pytestmark = pytest.mark.slow

KEY = ServiceKey("shop", "a")
READERS: dict[str, Callable[[str], Any]] = {
    name: getattr(parsed, f"as_{name}") for name in NAMES if hasattr(parsed, f"as_{name}")
}
TEXTS = st.text(max_size=20) | st.sampled_from(
    [HOSTILE, "", "\x00", "a" * 300, "../../etc", "*", "a.b", "mesh.internal", "\ud7ff\ufffe", "global", "true"]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.lists(st.text(max_size=3) | st.none(), max_size=3),
    st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.none() | st.integers(), max_size=3),
)


HOST = "a.shop.mesh.internal"
REST: list[dict[str, Any]] = [
    {
        "kind": "EndpointSlice",
        "labels": {"kubernetes.io/service-name": "a"},
        "endpoints": [{"addresses": ["10.0.0.1"]}],
    },
    {"kind": "Pod", "labels": {"app": "a"}, "spec": {"containers": [{"name": "a", "image": "i:1"}]}},
    {
        "kind": "HTTPRoute",
        "spec": {
            "parentRefs": [
                {"name": "gw"},
                {"kind": "ServiceEntry", "group": "networking.istio.io", "name": "autogen.shop.a"},
            ],
            "rules": [
                {"backendRefs": [{"kind": "Hostname", "group": "networking.istio.io", "name": HOST, "port": 80}]}
            ],
        },
    },
    {"kind": "DestinationRule", "spec": {"host": HOST}},
    {"kind": "VirtualService", "spec": {"hosts": [HOST], "http": [{"route": [{"destination": {"host": HOST}}]}]}},
    {"kind": "AuthorizationPolicy", "spec": {"targetRefs": [{"kind": "ServiceEntry", "name": "autogen.shop.b"}]}},
    {
        "kind": "Gateway",
        "labels": {"topology.istio.io/network": "n2"},
        "spec": {"gatewayClassName": "istio-remote", "addresses": [{"value": "192.0.2.1"}]},
        "status": {"conditions": [{"type": "gloo.solo.io/PeerConnected", "status": "True"}]},
    },
    {"kind": "Deployment", "place": "istio-system", "labels": {"app": "istiod"}, "spec": {"replicas": 1}},
    {"kind": "ConfigMap", "place": "istio-system", "name": "istio-ca-root-cert", "data": {"root-cert.pem": "x"}},
]


def rest() -> list[dict[str, Any]]:
    """What else is read: routes, policies, gateways, pods."""
    found = []
    for one in copy.deepcopy(REST):
        name, place, labels = one.pop("name", "a"), one.pop("place", "shop"), one.pop("labels", {})
        found.append(one | {"metadata": {"name": name, "namespace": place, "labels": labels}})
    return found


class BodyFleet:
    """Clusters whose lists are JSON bodies; it only reads."""

    def __init__(self, clusters: Mesh) -> None:
        self._clusters = clusters

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(Member(context, "https://127.0.0.1:6443", "shop") for context in self._clusters)

    def read(
        self,
        queries: Sequence[Query],
        on_cluster: Callable[[ClusterSnapshot], None] | None = None,
        thin: Thin | None = None,
    ) -> MeshSnapshot:
        del on_cluster, thin
        return MeshSnapshot(tuple(self._cluster(context, queries) for context in self._clusters))

    def _cluster(self, context: str, queries: Sequence[Query]) -> ClusterSnapshot:
        objects: dict[kinds.Kind, tuple[Object, ...]] = {}
        read, gaps = [], []
        for query in queries:
            items = [one for one in self._clusters[context] if one["kind"] == query.kind.name]
            try:
                found = page_of(query.kind, json.dumps({"items": items}).encode(), context).items or []
            except ClusterError as error:
                gaps.append(Gap(error.failure, query))
                continue
            read.append(query)
            places = {(one.namespace, one.name): one for one in objects.get(query.kind, ())}
            places |= {
                (one.namespace, one.name): one
                for one in found
                if query.namespace in (None, one.namespace) and query.name in (None, one.name)
            }
            objects[query.kind] = tuple(places.values())
        return ClusterSnapshot(context, context, (), objects, tuple(read), tuple(gaps))

    def write(
        self,
        steps: Sequence[Step],
        *,
        dry_run: bool = False,
        overwrite: bool = False,
        on_result: Callable[[StepResult], None] | None = None,
    ) -> list[StepResult]:
        raise AssertionError(f"a reading command wrote {steps}, {dry_run}, {overwrite}, {on_result}")

    def watch(self, queries: Sequence[Query], deadline: float) -> Iterator[ClusterEvent]:
        raise AssertionError(f"nothing was to be watched: {queries}, {deadline}")

    def close(self) -> None:
        """There is nothing to end."""


class StillClock:
    """No command here waits."""

    def monotonic(self) -> float:
        return 0.0

    def now(self) -> float:
        return 0.0


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path below a JSON value, but for the kind by which the list is chosen."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        if (*path, key) != ("kind",):
            yield (*path, key)
            yield from places_in(below, (*path, key))


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        value = value[key]
    return value


def changed(found: dict[str, Any], path: tuple[Any, ...], value: Any, *, is_lost: bool) -> dict[str, Any]:
    """A copy with one value lost or exchanged."""
    new = copy.deepcopy(found)
    holder = value_at(new, path[:-1])
    if is_lost:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return new


@st.composite
def damaged(draw: st.DrawFn) -> Mesh:
    """A mesh of which one to four values are not what they should be."""
    mesh = {context: [*objects, *rest()] for context, objects in draw(meshes()).items()}
    for _ in range(draw(st.integers(1, 6))):
        objects = draw(st.sampled_from([found for found in mesh.values() if found]))
        at = draw(st.integers(0, len(objects) - 1))
        if paths := list(places_in(objects[at])):
            path = draw(st.sampled_from(paths))
            # Half of the values keep their type: a list with one of another type is not read at all.
            value = draw(TEXTS if isinstance(value_at(objects[at], path), str) and draw(st.booleans()) else VALUES)
            objects[at] = changed(objects[at], path, value, is_lost=draw(st.integers(0, 3)) == 0)
    return mesh


def read_again(document: Document, formats: Iterable[str] = READERS) -> None:
    """Some formats, each by a parser of somebody else; the table on a terminal and in a file."""
    for name in formats:
        READERS[name](text_of(name, document))
    for is_terminal in (False, True):
        out = io.StringIO()
        if isinstance(document, Report):
            show_report(document, Screen(out, is_terminal, is_coloured=False), now=0.0, wide=True)
        assert "\x1b" not in out.getvalue()


def every_answer(mesh: Mesh) -> list[Document]:
    """What the reading commands say; a service that got lost may be refused in one sentence."""
    fleet, clock, setup, limits = BodyFleet(mesh), StillClock(), MeshSettings(), Strictness()
    everything = Request(None, None, "")
    one = Request(Targets(kinds.SERVICE, (KEY.name,)), KEY.namespace, "")
    commands: list[Callable[[], Document]] = [
        lambda: verify(fleet, clock, setup, Verify(everything)),
        lambda: list_services(fleet, setup, everything),
        lambda: check_clusters(fleet, setup, limits),
        lambda: verify(fleet, clock, setup, Verify(one)),
        lambda: describe_service(fleet, setup, one),
        lambda: diagnose_service(fleet, setup, KEY, limits),
    ]
    answers: list[Document] = []
    refusals = []
    for command in commands:
        try:
            answers.append(command())
        except MeshglobalError as error:
            refusals.append(str(error))
    assert all(refusals)
    return answers


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged(), st.sets(st.sampled_from(sorted(READERS)), min_size=2, max_size=2))
def test_any_object_gives_an_answer_that_can_be_read_again(mesh: Mesh, formats: set[str]) -> None:
    answers = every_answer(mesh)
    assert answers
    for answer in answers:
        read_again(answer, formats)


def test_annotations_of_a_mebibyte_do_no_harm() -> None:
    long = HOSTILE * (2**20 // len(HOSTILE.encode()))
    annotations = {"networking.istio.io/traffic-distribution": long, "solo.io/service-scop": long, "note": long}
    mesh: Mesh = {
        context: [
            {"kind": "Namespace", "metadata": {"name": "shop", "annotations": annotations}},
            {"kind": "Namespace", "metadata": {"name": "istio-system", "annotations": annotations}},
            {
                "kind": "Service",
                "metadata": {
                    "name": "a",
                    "namespace": "shop",
                    "labels": {"solo.io/service-scope": "global"},
                    "annotations": annotations,
                },
                "spec": {"ports": [{"port": 80}]},
            },
        ]
        for context in ("c1", "c2")
    }
    answers = every_answer(mesh)
    assert len(answers) == 6
    for answer in answers:
        read_again(answer)
        assert len(text_of("markdown", answer).encode()) < 2**20
