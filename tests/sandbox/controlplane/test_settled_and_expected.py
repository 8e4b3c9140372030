"""The running control plane, left to settle, and what is expected of a mesh in segments: two makings that must agree.

The meshes are those of the segment laws: one to eight clusters, up to four segments, any labels. Here they come about
object by object, in any order, with detours, while the control plane is at work.
"""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from embedded_mesh import SERVICE_ENTRIES, EmbeddedMesh, put, remove, running
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_meshes import DOMAINS, LABEL, SCOPE, meshes, views_of

from meshglobal.domain.expectation import Visibility, expect

JSON = dict[str, Any]
Mesh = dict[str, list[JSON]]
SCOPES = ("global", "segment", "cluster", "global-only", "", "Global", None)
NAMESPACES = ("istio-system", "shop", "pay")
REACH = {Visibility.MESH: "visible", Visibility.SEGMENT: "hidden"}


class Event(NamedTuple):
    """An object of a cluster becomes like this, or goes."""

    cluster: str
    obj: JSON
    is_gone: bool = False


def placed(obj: JSON) -> JSON:
    """The object as an API server takes it: those of no namespace say none."""
    meta = {key: value for key, value in obj["metadata"].items() if value or key != "namespace"}
    return copy.deepcopy(obj | {"metadata": meta})


def otherwise(obj: JSON, chance: random.Random) -> JSON:
    """The object as it may have been before."""
    found = placed(obj)
    labels = found["metadata"]["labels"]
    if found["kind"] == "Segment":
        found["spec"]["domain"] = chance.choice(DOMAINS)
    elif found["metadata"]["name"] == "istio-system":
        relabel(labels, LABEL, chance.choice(("s1", "s2", "s3", None)))
    else:
        relabel(labels, SCOPE, chance.choice(SCOPES))
    return found


def relabel(labels: JSON, key: str, value: str | None) -> None:
    labels.pop(key, None)
    if value is not None:
        labels[key] = value


def ways(obj: JSON, cluster: str, chance: random.Random) -> list[Event]:
    """What happens to one object until it is as it must be in the end."""
    before = [Event(cluster, otherwise(obj, chance)) for _ in range(chance.choice((0, 0, 1, 2)))]
    if before and obj["kind"] != "Namespace" and chance.random() < 0.5:
        before.append(before[-1]._replace(is_gone=True))
    return [*before, Event(cluster, placed(obj))]


def passing(cluster: str, chance: random.Random) -> list[Event]:
    """A published Service that comes and goes, so that nothing may be left of it."""
    labels = {SCOPE: chance.choice(("global", "segment"))}
    meta = {"name": "passing", "namespace": "shop", "labels": labels}
    service = {"kind": "Service", "metadata": meta, "spec": {"selector": {"app": "x"}, "ports": [{"port": 80}]}}
    return [Event(cluster, service), Event(cluster, service, is_gone=True)]


def events(mesh: Mesh, chance: random.Random) -> Iterator[Event]:
    """All that happens, in any order but that of one object."""
    left = [ways(obj, cluster, chance) for cluster, objects in mesh.items() for obj in objects]
    left += [passing(cluster, chance) for cluster in mesh if chance.random() < 0.5]
    while left:
        at = chance.randrange(len(left))
        yield left[at].pop(0)
        if not left[at]:
            del left[at]


async def hosts_of(mesh: Mesh, visibility: Visibility, chance: random.Random) -> dict[str, set[str]]:
    """The hosts in each cluster when all has happened and nothing is left to do."""
    beginning: Mesh = {
        cluster: [{"kind": "Namespace", "metadata": {"name": name, "labels": {}}} for name in NAMESPACES]
        for cluster in mesh
    }
    switches = ("peering=all", "takeover-host=none", f"across-segments={REACH[visibility]}")
    async with running(beginning, *switches) as running_mesh:
        for event in events(mesh, chance):
            (remove if event.is_gone else put)(running_mesh.clients[event.cluster], event.obj)
            if chance.random() < 0.3:
                await asyncio.sleep(0)
        await running_mesh.settled()
        return {cluster: hosts_in(running_mesh, cluster) for cluster in mesh}


def hosts_in(mesh: EmbeddedMesh, cluster: str) -> set[str]:
    return {host for entry in mesh.clients[cluster].list(SERVICE_ENTRIES) for host in entry["spec"]["hosts"]}


@settings(deadline=None, max_examples=25)  # a busy machine is no reason to fail
@given(meshes(), st.sampled_from(Visibility), st.randoms(use_true_random=True))
def test_in_whatever_order_things_happen_every_host_is_where_it_is_expected(
    mesh: Mesh, visibility: Visibility, chance: random.Random
) -> None:
    expected = {context: set(found) for context, found in expect(views_of(mesh), visibility).entries.items()}
    assert asyncio.run(hosts_of(mesh, visibility, chance)) == expected
