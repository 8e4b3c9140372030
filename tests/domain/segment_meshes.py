"""Meshes of clusters in segments, as JSON objects, and changes of them made as kubectl would make them."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st
from mesh_strategies import Mesh, snapshot_of

from meshglobal.domain.expectation import Visibility
from meshglobal.domain.names import ISTIO_NAMESPACE
from meshglobal.domain.segment_intent import Action, SegmentIntent
from meshglobal.domain.view import ClusterView, view_of
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.controlplane.translate import translate

JSON = dict[str, Any]
SEGMENTS = ("s1", "s2", "s3", "s4")
DOMAINS = ("mesh.one", "mesh.two", "two", "a.b.c", "mesh.internal")
LABEL = "admin.solo.io/segment"
SCOPE = "solo.io/service-scope"

scopes = st.sampled_from([None, None, "global", "global", "segment", "cluster", "global-only", "", "Global"])


def _object(kind: str, name: str, namespace: str, labels: JSON, **rest: Any) -> JSON:
    kept = {key: value for key, value in labels.items() if value is not None}
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace, "labels": kept}, **rest}


def _segment(name: str, domain: str) -> JSON:
    return _object("Segment", name, ISTIO_NAMESPACE, {}, spec={"domain": domain})


@st.composite
def _clusters(draw: st.DrawFn, segments: dict[str, str]) -> list[JSON]:
    joined = draw(st.sampled_from([None, *segments]))
    found = [_object("Namespace", ISTIO_NAMESPACE, "", {LABEL: joined})]
    found += [_segment(name, domain) for name, domain in segments.items()]
    for namespace in ("shop", "pay"):
        found.append(_object("Namespace", namespace, "", {SCOPE: draw(scopes)}))
        for name in draw(st.sets(st.sampled_from("ab"))):
            labels = {SCOPE: draw(scopes), "team": draw(st.sampled_from([None, "blue"]))}
            spec = {"selector": {"app": name}, "ports": [{"port": 80, "name": "http"}]}
            found.append(_object("Service", name, namespace, labels, spec=spec))
    return draw(st.permutations(found))


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    """One to eight clusters, each in one of up to four segments, all of which have all Segments."""
    names = draw(st.sets(st.sampled_from(SEGMENTS)))
    segments = {name: draw(st.sampled_from(DOMAINS)) for name in sorted(names)}
    return {f"c{number}": draw(_clusters(segments)) for number in range(1, draw(st.integers(1, 8)) + 1)}


def segments_in(mesh: Mesh) -> list[str]:
    return sorted({one["metadata"]["name"] for found in mesh.values() for one in found if one["kind"] == "Segment"})


@st.composite
def intents(draw: st.DrawFn, mesh: Mesh) -> SegmentIntent:
    """Anything that the segment commands do. A Segment says the same everywhere, as it must."""
    some = tuple(sorted(draw(st.sets(st.sampled_from(sorted(mesh)), min_size=1))))
    known = segments_in(mesh)
    action = draw(st.sampled_from(list(Action) if known else [Action.UNASSIGN, Action.CREATE]))
    match action:
        case Action.ASSIGN:
            return SegmentIntent(action, some, draw(st.sampled_from(known)))
        case Action.UNASSIGN:
            return SegmentIntent(action, some)
        case Action.CREATE:
            return SegmentIntent(action, tuple(mesh), draw(st.sampled_from(SEGMENTS)), draw(st.sampled_from(DOMAINS)))
        case Action.RENAME_DOMAIN:
            return SegmentIntent(action, tuple(mesh), draw(st.sampled_from(known)), draw(st.sampled_from(DOMAINS)))
        case Action.DELETE:
            return SegmentIntent(action, tuple(mesh), draw(st.sampled_from(known)))


def done(mesh: Mesh, intent: SegmentIntent) -> Mesh:
    """The mesh after somebody did it."""
    after = copy.deepcopy(mesh)
    for context in intent.contexts:
        objects = after[context]
        system = next(one for one in objects if one["metadata"]["name"] == ISTIO_NAMESPACE)
        if intent.action is Action.ASSIGN:
            system["metadata"]["labels"][LABEL] = intent.name
        elif intent.action is Action.UNASSIGN:
            system["metadata"]["labels"].pop(LABEL, None)
        else:
            objects[:] = [one for one in objects if (one["kind"], one["metadata"]["name"]) != ("Segment", intent.name)]
            if intent.action is not Action.DELETE:
                objects.append(_segment(intent.name, intent.domain))
    return after


def views_of(mesh: Mesh) -> tuple[ClusterView, ...]:
    return tuple(view_of(snapshot_of(context, objects), ISTIO_NAMESPACE) for context, objects in mesh.items())


def settled_hosts(mesh: Mesh, visibility: Visibility) -> dict[str, set[str]]:
    """The global hosts in every cluster once the emulated control plane has nothing left to do."""
    switches = Switches(
        peering="all",
        peer_segment="borrowed",
        takeover_host="none",
        across_segments="visible" if visibility is Visibility.MESH else "hidden",
    )
    generated = translate(mesh, switches)
    return {
        context: {host for one in objects if one["kind"] == "ServiceEntry" for host in one["spec"]["hosts"]}
        for context, objects in generated.items()
    }
