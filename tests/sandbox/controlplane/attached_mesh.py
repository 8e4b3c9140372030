"""Two embedded API servers over HTTPS, reached as attach mode reaches foreign ones."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded_mesh import DEADLINE, put_all
from mesh_objects import JSON

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster, start_cluster
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.controlplane.remote import RemoteAccess, remote_access


@dataclass
class Servers:
    """Running API servers, and the kubeconfig that reaches them."""

    clusters: dict[str, EmbeddedCluster]
    config: Path

    def client(self, name: str) -> LocalClient:
        return self.clusters[name].client("kubectl")

    async def accesses(self, *names: str) -> list[RemoteAccess]:
        """Access to these clusters, or to all."""
        chosen = names or tuple(self.clusters)
        return [await asyncio.to_thread(remote_access, str(self.config), name) for name in chosen]


@asynccontextmanager
async def serving(directory: Path, mesh: dict[str, list[JSON]]) -> AsyncIterator[Servers]:
    """API servers that hold these objects."""
    clusters = {name: await start_cluster(name) for name in mesh}
    for name, objects in mesh.items():
        put_all(clusters[name].client("kubectl"), objects)
    config = directory / "config"
    write_kubeconfig(config, kubeconfig(clusters.values()))
    try:
        yield Servers(clusters, config)
    finally:
        for cluster in clusters.values():
            await cluster.stop()
        await until(_no_connection_is_open)


def _no_connection_is_open() -> bool:
    """Whether the loop watches its own wake-up pipe alone; connections take a moment to close."""
    selector: selectors.BaseSelector = asyncio.get_running_loop()._selector
    return len(selector.get_map()) <= 1


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition; TimeoutError if it does not come true."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - the condition is in another process's place: behind HTTP
            await asyncio.sleep(0.01)
