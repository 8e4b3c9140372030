"""Serve one embedded cluster in the foreground: `python -m meshglobal.sandbox.apiserver --kubeconfig FILE`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.cluster import start_cluster
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMITED_USERS = ("reader", "nsreader", "nobody")


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m meshglobal.sandbox.apiserver", description=__doc__)
    parser.add_argument("--name", default="cluster1", help="name of the cluster and of its context")
    parser.add_argument("--port", type=int, default=0, help="port of 127.0.0.1; 0 takes a free one")
    parser.add_argument("--kubeconfig", type=Path, help="write the admin's kubeconfig here")
    parser.add_argument("--users-kubeconfig", type=Path, help="write contexts NAME-reader, NAME-nobody, ... here")
    return parser.parse_args(argv)


async def _serve(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    cluster = await start_cluster(options.name, port=options.port)
    if options.kubeconfig:
        write_kubeconfig(options.kubeconfig, kubeconfig([cluster]))
    if options.users_kubeconfig:
        write_kubeconfig(options.users_kubeconfig, kubeconfig([cluster], _LIMITED_USERS))
    sys.stdout.write(f"{cluster.url}\n")
    sys.stdout.flush()
    await stopped.wait()
    await cluster.stop()


def main(argv: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments(sys.argv[1:] if argv is None else argv)))


if __name__ == "__main__":
    main()
