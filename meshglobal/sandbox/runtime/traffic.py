"""Traffic for a mesh: its data plane, where there is an Envoy to run it; otherwise why there is none."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster
from meshglobal.sandbox.controlplane.reconciler import Reconciler

if TYPE_CHECKING:
    from meshglobal.sandbox.dataplane.plane import Dataplane

_FILES = 65536
"""Each pod listens on a socket of its own."""


class Traffic(NamedTuple):
    """The data plane, or a sentence that says why there is none."""

    plane: Dataplane | None
    why_not: str = ""


async def start_traffic(
    clusters: Sequence[EmbeddedCluster], reconciler: Reconciler, stack: AsyncExitStack, folder: Path | None = None
) -> Traffic:
    """Start the data plane of a mesh; the stack stops it. `folder` is for the Envoys' files; None: a temporary one."""
    from meshglobal.sandbox.dataplane.binary import NoEnvoyError, envoy_path
    from meshglobal.sandbox.dataplane.envoy import EnvoyFailedError
    from meshglobal.sandbox.dataplane.plane import Dataplane
    from meshglobal.sandbox.runtime.pod_network import PodNetwork

    try:
        program = envoy_path()
    except NoEnvoyError as none:
        return Traffic(None, str(none))
    _allow_files()
    place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="meshglobal-traffic-")))
    plane = Dataplane([each.client() for each in clusters], program, place, lambda: reconciler.switches)
    try:
        await plane.start()
    except EnvoyFailedError as failure:
        await plane.stop()
        return Traffic(None, str(failure))
    except BaseException:
        await plane.stop()
        raise
    stack.push_async_callback(plane.stop)
    for each in clusters:
        if each.containers is not None:
            each.containers.network = PodNetwork(plane)
    return Traffic(plane)


def _allow_files() -> None:
    """Raise this process's limit of open files as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
