"""A whole embedded mesh that serves HTTPS from a thread of its own, for tests that use it as a user does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import loop_thread

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster
from meshglobal.sandbox.apiserver.faults import Fault
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.runtime.mesh import start_mesh
from meshglobal.sandbox.runtime.partition import Partitions
from meshglobal.sandbox.runtime.shape import Shape
from meshglobal.sandbox.runtime.traffic import Traffic

Result = TypeVar("Result")


@dataclass
class ServedMesh:
    """Running clusters by name, and the kubeconfig of their admins."""

    clusters: Mapping[str, EmbeddedCluster]
    reconciler: Reconciler
    kubeconfig: Path
    loop: asyncio.AbstractEventLoop
    traffic: Traffic
    partitions: Partitions

    def call(self, function: Callable[[], Result]) -> Result:
        """Do something where the clusters live."""
        return loop_thread.call(self.loop, function)

    def wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine where the clusters live."""
        return loop_thread.wait(self.loop, coroutine)

    def stop_cluster(self, name: str) -> None:
        """Stop a cluster's API server: connections are refused from now on."""
        self.wait(self.clusters[name].stop())

    def stop_control_plane(self) -> None:
        """From now on nothing is generated any more."""
        self.wait(self.reconciler.stop())

    def fault(self, name: str, fault: Fault) -> None:
        """Let a cluster misbehave."""
        self.call(lambda: self.clusters[name].faults.set("test", fault))

    def users_kubeconfig(self, *users: str) -> Path:
        """A kubeconfig with contexts of the admins and of these limited users of every cluster."""
        path = self.kubeconfig.with_name("users.kubeconfig")
        write_kubeconfig(path, kubeconfig(list(self.clusters.values()), ["admin", *users]))
        return path

    def get(self, name: str, resource: str, namespace: str | None, object_name: str) -> dict[str, Any]:
        """An object as it stands in a cluster."""
        found = self.call(lambda: self.clusters[name].client().get(resource, namespace, object_name))
        assert found is not None, f"no {resource} {object_name} in {name}"
        return found


@contextmanager
def served_mesh(
    directory: Path,
    clusters: int = 2,
    scenario: str = "bookinfo",
    *,
    has_traffic: bool = False,
    switches: tuple[str, ...] = (),
) -> Iterator[ServedMesh]:
    """Serve a mesh; its kubeconfig is written into the directory."""
    shape = Shape(clusters, scenario, switches=switches, has_traffic=has_traffic)
    with loop_thread.loop_thread("mesh") as loop:
        stack = AsyncExitStack()
        try:
            mesh = loop_thread.wait(loop, start_mesh(shape, stack), 60)
            path = directory / "mesh.kubeconfig"
            write_kubeconfig(path, kubeconfig(list(mesh.clusters), ["admin"]))
            served = {cluster.name: cluster for cluster in mesh.clusters}
            yield ServedMesh(served, mesh.reconciler, path, loop, mesh.traffic, mesh.partitions)
        finally:
            loop_thread.wait(loop, stack.aclose(), 60)


def environment(path: Path) -> dict[str, str]:
    """The environment of a user with this kubeconfig and nothing else set."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return kept | {"KUBECONFIG": str(path), "XDG_CONFIG_HOME": str(path.parent / "config")}
