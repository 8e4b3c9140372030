"""A whole embedded mesh in the running event loop: API servers, controllers, scenario, control plane."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from meshglobal.sandbox.apiserver.certificates import Authority
from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster, start_cluster
from meshglobal.sandbox.controlplane.embedded import EmbeddedAccess
from meshglobal.sandbox.controlplane.istiod import Istiods
from meshglobal.sandbox.controlplane.link_status import LinkStatus
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.runtime.control import Control
from meshglobal.sandbox.runtime.partition import Partitions
from meshglobal.sandbox.runtime.shape import Shape
from meshglobal.sandbox.runtime.traffic import Traffic, start_traffic
from meshglobal.sandbox.scenarios import load_scenario, seed

SETTLE_SECONDS = 300.0
"""The largest meshes write a hundred thousand entries before they are ready."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """Running clusters and the control plane over them."""

    clusters: tuple[EmbeddedCluster, ...]
    accesses: dict[str, EmbeddedAccess]
    reconciler: Reconciler
    traffic: Traffic
    partitions: Partitions


async def start_mesh(shape: Shape, stack: AsyncExitStack, folder: Path | None = None) -> Mesh:
    """Start a mesh, seeded and settled; the stack stops it, also after half a start.

    `folder` is where its Envoys keep their files; without one that is a temporary folder.
    Raises ScenarioError for a scenario that cannot be used.
    """
    scenario = load_scenario(shape.scenario, shape.names)
    clusters = await _start_clusters(shape.names, stack)
    await seed({each.name: each.client() for each in clusters}, scenario)
    for cluster in clusters:
        if cluster.controllers is not None:
            await cluster.controllers.settled()
    accesses = {each.name: EmbeddedAccess(each.client("pilot-discovery")) for each in clusters}
    reconciler = Reconciler(list(accesses.values()), Switches.parse(shape.switches))
    stack.push_async_callback(reconciler.stop)
    await reconciler.start()
    await reconciler.settled(SETTLE_SECONDS)
    istiods = Istiods([each.client() for each in clusters], reconciler)
    links = LinkStatus([each.client("pilot-discovery") for each in clusters])
    for each in (istiods, links):
        stack.callback(each.stop)
        each.start()
    traffic = await start_traffic(clusters, reconciler, stack, folder) if shape.has_traffic else Traffic(None)
    partitions = Partitions(clusters, reconciler, traffic.plane)
    Control(clusters, reconciler, istiods, partitions).serve()
    return Mesh(clusters, accesses, reconciler, traffic, partitions)


async def _start_clusters(names: tuple[str, ...], stack: AsyncExitStack) -> tuple[EmbeddedCluster, ...]:
    authority = Authority()
    clusters: list[EmbeddedCluster] = []

    async def stop() -> None:
        # All at once: each waits a moment for its open watches.
        await asyncio.gather(*(each.stop() for each in clusters))

    stack.push_async_callback(stop)
    for name in names:
        clusters.append(await start_cluster(name, authority))  # noqa: PERF401 - each must be stoppable at once
    return tuple(clusters)
