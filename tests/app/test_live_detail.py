"""One service of a followed mesh: the same diagnosis as `diagnose`, with the objects and what names the hosts."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from memory_fleet import MemoryFleet
from test_live_laws import ORDER
from test_verifying import cluster

from meshglobal.app.diagnosing import diagnose_service
from meshglobal.app.live import live_wish
from meshglobal.app.live_detail import Detail, pod_queries, service_detail
from meshglobal.app.live_mesh import FollowedMesh
from meshglobal.app.live_say import Sayings
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import ClusterEvent
from meshglobal.app.selecting import Wanted
from meshglobal.bootstrap import SystemClock
from meshglobal.domain import kinds
from meshglobal.domain.diagnosis import Outcome
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta
from meshglobal.domain.route_objects import DestinationRule, DestinationRuleSpec
from meshglobal.domain.snapshot import MeshSnapshot
from meshglobal.domain.strictness import Strictness

MESH, STRICT = MeshSettings(), Strictness()
WEB = ServiceKey("shop", "web")


def fleet() -> MemoryFleet:
    rule = DestinationRule(
        metadata=Meta(name="web", namespace="shop"), spec=DestinationRuleSpec(host="web.shop.mesh.internal")
    )
    one = [*cluster("one", scope="global", entry=True, peers=("two",)), rule]
    return MemoryFleet({"one": one, "two": cluster("two", scope="global", entry=True, peers=("one",))})


def detail(mesh: MemoryFleet, key: ServiceKey = WEB, *, pods: bool = True, renamed: str = "") -> Detail | None:
    """``renamed``: a context that leads to the cluster `one` as well, and was the first when the pods were read."""
    wish = live_wish(MESH, ORDER)
    followed = FollowedMesh(["one", "two"], wish, MESH)
    for read in mesh.read((*wish.queries, *wish.later)).clusters:
        followed.take(ClusterEvent(read.context, "read", cluster=read))
        followed.take(ClusterEvent(read.context, "synced"))
    sayings = Sayings(ORDER, Wanted(), wish.queries, SystemClock())
    look = sayings.rows(followed.picture(), None, ())
    assert look is not None
    read = mesh.read(pod_queries(key.namespace)) if pods else None
    if read is not None and renamed:
        first, *others = read.clusters
        read = MeshSnapshot((replace(first, context=renamed, aliases=(first.context,)), *others))
    return service_detail(look, key, STRICT, read)


def test_it_says_what_diagnose_says() -> None:
    found = detail(fleet())
    assert found is not None
    alone = diagnose_service(fleet(), MESH, WEB, STRICT)
    assert found.diagnosis.chains == alone.chains
    assert found.diagnosis.cause == alone.cause
    assert found.diagnosis.findings == alone.findings


def test_pods_are_those_of_the_cluster_whichever_context_led_to_it() -> None:
    found, again = detail(fleet()), detail(fleet(), renamed="one-again")
    assert found is not None
    assert again is not None
    assert again.diagnosis.chains == found.diagnosis.chains


def test_without_pods_what_hangs_on_them_is_not_called_fine() -> None:
    found = detail(fleet(), pods=False)
    assert found is not None
    assert any(link.outcome is not Outcome.OK for chain in found.diagnosis.chains for link in chain.links)


def test_a_cluster_whose_pods_cannot_be_read_keeps_everything_else() -> None:
    mesh = fleet()
    mesh.forbidden["two"] = {kinds.POD}
    found = detail(mesh)
    assert found is not None
    two = next(one for one in found.diagnosis.clusters if one.context == "two")
    assert two.reached
    assert [one.kind for one in two.unread] == ["Pod"]


def test_it_brings_the_objects_and_what_names_the_hosts() -> None:
    found = detail(fleet())
    assert found is not None
    entries = [(one.context, one.kind.name, one.object.name) for one in found.entries]
    assert ("one", "ServiceEntry", "autogen.shop.web") in entries
    assert ("one", "WorkloadEntry", "autogen.two.shop.web") in entries
    assert {(one.context, one.kind.name) for one in found.objects} >= {("one", "Service"), ("two", "Service")}
    [named] = found.references
    assert (named.context, named.kind, named.name, named.field) == ("one", "DestinationRule", "web", "spec.host")


def test_a_service_that_is_nowhere_is_none() -> None:
    assert detail(fleet(), ServiceKey("shop", "none-such")) is None


def test_a_service_that_nobody_publishes_has_no_hosts() -> None:
    bare = MemoryFleet({"one": cluster("one"), "two": cluster("two")})
    found = detail(bare)
    assert found is not None
    assert found.service.hosts == ()
    assert msgspec.json.encode(found.diagnosis)
