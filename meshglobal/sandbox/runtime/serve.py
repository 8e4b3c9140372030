"""The process of a sandbox: it serves the clusters until it is told to end, and takes its files away then.

`python -m meshglobal.sandbox.runtime.serve` is how it is started in the background. It then says on a pipe that it is
ready, or in one sentence why it cannot be.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig
from meshglobal.sandbox.runtime.endings import end_signal, held_back, let_through
from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError
from meshglobal.sandbox.runtime.handshake import Handshake
from meshglobal.sandbox.runtime.mesh import Mesh, start_mesh
from meshglobal.sandbox.runtime.place import Place
from meshglobal.sandbox.runtime.process import this_process
from meshglobal.sandbox.runtime.running import Running, ServedCluster, note
from meshglobal.sandbox.runtime.shape import Shape
from meshglobal.sandbox.scenarios import ScenarioError

LIMITED_USERS = ("reader", "nsreader", "nobody")


def serve(place: Place, shape: Shape, on_ready: Callable[[Running], None], life: int | None = None) -> signal.Signals:
    """Serve until SIGINT or SIGTERM, and return which; then the files are gone.

    `life` is the reading end of a pipe: when nobody holds its other end any more, that counts as SIGTERM.
    Raises SandboxError for what keeps the sandbox from starting.
    """
    with held_back():
        place.prepare()
        return _serve_alone(place, shape, on_ready, life)


def _serve_alone(place: Place, shape: Shape, on_ready: Callable[[Running], None], life: int | None) -> signal.Signals:
    with place.locked() as is_ours:
        if not is_ours:
            raise SandboxError(
                f"sandbox {place.name} is being started or ended by another process",
                f"look again in a moment: meshglobal sandbox status --name {place.name}",
            )
        try:
            end = asyncio.run(_serve(place, shape, on_ready, life))
        except ScenarioError as wrong:
            place.remove()
            raise AskedWrongError(str(wrong)) from wrong
        # After any other error the log stays; the next one to look here clears up.
        place.remove()
        return end


async def _serve(place: Place, shape: Shape, on_ready: Callable[[Running], None], life: int | None) -> signal.Signals:
    ended = end_signal(life)
    with let_through():
        return await _until(ended, place, shape, on_ready)


async def _until(
    ended: asyncio.Future[signal.Signals], place: Place, shape: Shape, on_ready: Callable[[Running], None]
) -> signal.Signals:
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(start_mesh(shape, stack, place.traffic))
        ended.add_done_callback(lambda _: starting.cancel())
        await asyncio.wait({starting})
        if not starting.cancelled():
            on_ready(_publish(place, shape, starting.result()))
        return await ended


def _publish(place: Place, shape: Shape, mesh: Mesh) -> Running:
    """Write the files by which others find the clusters; the state file last."""
    write_kubeconfig(place.kubeconfig, kubeconfig(mesh.clusters))
    write_kubeconfig(place.users_kubeconfig, kubeconfig(mesh.clusters, LIMITED_USERS))
    since = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    served = tuple(ServedCluster(each.name, each.url) for each in mesh.clusters)
    envoys = len(mesh.traffic.plane.pids) if mesh.traffic.plane else 0
    running = Running(place.name, this_process(), shape, served, since, envoys, mesh.traffic.why_not)
    note(place, running)
    return running


def main(argv: Sequence[str] | None = None) -> int:
    """Serve in the background: `--place FOLDER --shape JSON --ready FD [--life FD]`."""
    parser = argparse.ArgumentParser(prog="python -m meshglobal.sandbox.runtime.serve")
    parser.add_argument("--place", type=Path, required=True)
    parser.add_argument("--shape", required=True)
    parser.add_argument("--ready", type=int, required=True)
    parser.add_argument("--life", type=int)
    options = parser.parse_args(argv)
    place = Place(options.place.name, options.place)

    def say(handshake: Handshake) -> None:
        with os.fdopen(options.ready, "wb") as pipe:
            pipe.write(msgspec.json.encode(handshake))

    try:
        serve(
            place,
            msgspec.json.decode(options.shape, type=Shape),
            lambda _: say(Handshake()),
            options.life,
        )
    except SandboxError as failure:
        say(Handshake(str(failure), failure.hint, isinstance(failure, AskedWrongError)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
