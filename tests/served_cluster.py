"""One embedded cluster that serves HTTPS from a thread of its own, for clients that block."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster, start_cluster
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
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

        async def inside() -> Result:
            return function()

        return _wait(self.loop, inside())

    def write_kubeconfig(self, *users: str) -> None:
        """Write the kubeconfig anew, with contexts for these users as well."""
        write_kubeconfig(self.kubeconfig, kubeconfig([self.cluster], ["admin", *users]))


@contextmanager
def served_cluster(directory: Path, name: str = "east") -> Iterator[Served]:
    """Serve a cluster; its kubeconfig is written into the directory."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=f"cluster {name}", daemon=True)
    thread.start()
    try:
        cluster = _wait(loop, start_cluster(name))
        served = Served(cluster, directory / f"{name}.kubeconfig", loop)
        served.write_kubeconfig()
        yield served
        _wait(loop, cluster.stop())
    finally:
        _wait(loop, _cancel_the_rest())  # watches that were open
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


def _wait(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(30)
