"""One embedded cluster that serves HTTPS from a thread of its own, for clients that block."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import loop_thread

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster, start_cluster
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Result = TypeVar("Result")


@dataclass
class Served:
    """A cluster, the kubeconfig of its admin, and the loop that it belongs to."""

    cluster: EmbeddedCluster
    kubeconfig: Path
    loop: asyncio.AbstractEventLoop

    def call(self, function: Callable[[], Result]) -> Result:
        """Do something with the cluster where it lives, and return what comes of it."""
        return loop_thread.call(self.loop, function)

    def write_kubeconfig(self, *users: str) -> None:
        """Write the kubeconfig anew, with contexts for these users as well."""
        write_kubeconfig(self.kubeconfig, kubeconfig([self.cluster], ["admin", *users]))


@contextmanager
def served_cluster(directory: Path, name: str = "east") -> Iterator[Served]:
    """Serve a cluster; its kubeconfig is written into the directory."""
    with loop_thread.loop_thread(f"cluster {name}") as loop:
        cluster = loop_thread.wait(loop, start_cluster(name))
        served = Served(cluster, directory / f"{name}.kubeconfig", loop)
        served.write_kubeconfig()
        yield served
        loop_thread.wait(loop, cluster.stop())
