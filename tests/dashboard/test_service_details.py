"""Pods are read for services that there are, and for nothing else that stands in a path."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import msgspec
import pytest
from memory_fleet import MemoryFleet

from meshglobal.app.live import Look
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.dashboard.details import Details
from meshglobal.dashboard.exchange import Answer, Asked
from meshglobal.dashboard.hub import Hub
from meshglobal.dashboard.pods import PodReader
from meshglobal.dashboard.routes import Found, Routes
from meshglobal.dashboard.shown import shown_before
from meshglobal.domain.errors import NotFoundError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.kinds import NAMESPACE, POD, SERVICE
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Namespace, Object, Service
from meshglobal.domain.snapshot import Gap, MeshSnapshot, Query
from meshglobal.domain.strictness import Strictness

MESH = MeshSettings()
GONE = Gap(failure(Cause.TIMEOUT, "it had not answered in time", "two"))
PATH = "/api/v1/services/{}/{}"


def fleet() -> MemoryFleet:
    objects = (Namespace(metadata=Meta(name="shop")), Service(metadata=Meta(name="web", namespace="shop")))
    return MemoryFleet({"one": objects})


def asked_of(mesh: MemoryFleet, path: str, lost: str = "", check: FleetCheck | None = None) -> Answer:
    """What is answered.

    Args:
        mesh: the clusters.
        path: what is asked for.
        lost: a context of which it is known that it cannot be reached.
        check: what is known of the clusters, once all has been read.
    """

    async def ask() -> Answer:
        hub = Hub(shown_before(["one"]))
        snapshot = mesh.read((Query(NAMESPACE), Query(SERVICE)))
        known = [replace(one, gaps=(GONE,)) if one.context == lost else one for one in snapshot.clusters]
        picture = picture_of(MeshSnapshot(tuple(known)), MESH)
        mesh.reads.clear()
        hub.take(Look(1, picture, Inventory(), check), ())
        details, routes = Details(hub, mesh, Strictness()), Routes()
        details.add_to(routes)
        try:
            found = routes.find("GET", path)
            assert isinstance(found, Found)
            answer = await found.handler(Asked("GET", path, found.parts, {}))
            assert isinstance(answer, Answer)
            return answer
        finally:
            details.stop()

    return asyncio.run(ask())


def test_the_pods_of_a_services_namespace_are_read() -> None:
    mesh = fleet()
    assert asked_of(mesh, PATH.format("shop", "web")).status == 200
    assert mesh.reads == [Query(POD, "shop")]


def test_it_is_complete_when_pods_and_all_that_is_followed_have_been_read() -> None:
    for check in (None, FleetCheck()):
        answer = asked_of(fleet(), PATH.format("shop", "web"), check=check)
        assert msgspec.json.decode(answer.body)["isComplete"] == (check is not None)


class Divided(MemoryFleet):
    """Remembers of which contexts a part was asked for."""

    def __init__(self, clusters: Mapping[str, Iterable[Object]]) -> None:
        super().__init__(clusters)
        self.parts: list[list[str]] = []

    def among(self, contexts: Collection[str]) -> MemoryFleet:
        self.parts.append(sorted(contexts))
        return super().among(contexts)


def test_a_cluster_that_is_known_to_be_out_of_reach_is_not_waited_for() -> None:
    objects = (Namespace(metadata=Meta(name="shop")), Service(metadata=Meta(name="web", namespace="shop")))
    mesh = Divided({"one": objects, "two": objects})
    assert asked_of(mesh, PATH.format("shop", "web")).status == 200
    assert mesh.parts == []
    assert asked_of(mesh, PATH.format("shop", "web"), lost="two").status == 200
    assert mesh.parts == [["one"]]


@pytest.mark.parametrize("namespace", ["shop", "none-such", "..%2F..%2Fkube-system%2Fsecrets%2Ftoken%3F", "a%23"])
def test_what_is_no_service_leads_to_no_reading(namespace: str) -> None:
    mesh = fleet()
    with pytest.raises(NotFoundError):
        asked_of(mesh, PATH.format(namespace, "none-such"))
    assert mesh.reads == []


def test_a_reading_that_waits_for_its_turn_does_not_begin_after_the_end(caplog: pytest.LogCaptureFixture) -> None:
    mesh = fleet()

    async def ask() -> None:
        reader, key = PodReader(lambda: mesh), ServiceKey("shop", "web")
        begun = asyncio.create_task(reader.pods_for(key, None))
        await asyncio.sleep(0)  # it is arranged for, and not begun
        reader.stop()
        await begun

    asyncio.run(ask())
    assert mesh.reads == []
    assert not caplog.records
