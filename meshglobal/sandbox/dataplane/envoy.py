"""One Envoy: started, told of its pools, ended. It never outlives the process that started it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from meshglobal.sandbox.dataplane import launcher
from meshglobal.sandbox.dataplane.admin import Admin, Taken
from meshglobal.sandbox.dataplane.envoy_config import EASTWEST, JSON, LISTENERS, OUTBOUND, POOLS, Marks, bootstrap
from meshglobal.sandbox.dataplane.pool_config import listeners_document, pools_document
from meshglobal.sandbox.dataplane.pools import Pool

_START_SECONDS = 20.0
_END_SECONDS = 5.0
_POLL_SECONDS = 0.01
_SHOWN_LOG = 20_000
_REJECTED = "config update rejected: "
_DRAINING = ["--drain-time-s", "1", "--drain-strategy", "immediate"]
"""Connections that were opened under older routes of a Gateway are soon closed."""
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


class EnvoyFailedError(Exception):
    """An Envoy did not start, or did not take what it was told; the text is a sentence."""


class Envoy:
    """The Envoy of one cluster. Belongs to the event loop, and the thread, that started it.

    The kernel ends it when that thread ends (PR_SET_PDEATHSIG), also where the process is killed.
    """

    def __init__(self, cluster: str, folder: Path, process: subprocess.Popen[bytes], admin: Admin) -> None:
        self.cluster = cluster
        self.outbound = 0
        """The port for the requests of this cluster's pods."""
        self.eastwest = 0
        """The port for the requests of other clusters."""
        self._folder = folder
        self._process = process
        self._admin = admin
        self._version = 0
        self._watch = contextlib.ExitStack()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process.poll() is None

    def tell(self, pools: Iterable[Pool], listeners: Iterable[JSON] = ()) -> int:
        """Replace all pools, and the listeners of Gateways; the version by which `taken` knows them."""
        self._version += 1
        version = str(self._version)
        write_whole(self._folder / POOLS / f"{POOLS}.json", pools_document(pools, version))
        write_whole(self._folder / LISTENERS / f"{LISTENERS}.json", listeners_document(listeners, version))
        return self._version

    async def taken(self, version: int, seconds: float = 5.0) -> Taken:
        """Wait until what was told in this version, or in a later one, is so, or is rejected."""
        if self.is_running:
            with contextlib.suppress(OSError):
                return await self._admin.taken(version, seconds)
        return Taken.NOT_YET

    def when_it_dies(self, act: Callable[[], None]) -> None:
        """Call back once when the process has ended, unless it was stopped."""
        loop = asyncio.get_running_loop()
        process = os.pidfd_open(self.pid)

        def forget() -> None:
            loop.remove_reader(process)
            os.close(process)

        def tell() -> None:
            self._watch.close()
            act()

        self._watch.callback(forget)
        loop.add_reader(process, tell)

    async def stop(self) -> None:
        """End it and wait for that."""
        self._watch.close()
        await self._admin.close()
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, _END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def until_ready(self) -> None:
        """Wait until it listens; raises EnvoyFailedError with its own last words."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + _START_SECONDS
        while not await self._admin.is_ready():
            if not self.is_running or loop.time() > ends:
                raise EnvoyFailedError(f"the Envoy of {self.cluster} did not start: {self._last_words()}")
            await asyncio.sleep(_POLL_SECONDS)
        ports = await self._admin.ports()
        self.outbound, self.eastwest = ports[OUTBOUND], ports[EASTWEST]

    def rejection(self) -> str:
        """Why it rejected something last, in its own words."""
        return self._log().rpartition(_REJECTED)[2].strip()

    def _last_words(self) -> str:
        """The last line of its log that says something."""
        lines = [line for line in self._log().strip().splitlines() if "[backtrace]" not in line]
        return lines[-1] if lines else f"it ended with {self._process.poll()}"

    def _log(self) -> str:
        return (self._folder / "log").read_text("utf-8", errors="replace")[-_SHOWN_LOG:]


async def start_envoy(program: Path, cluster: str, folder: Path, marks: Marks) -> Envoy:
    """Start an Envoy without pools in a folder of its own, and return when it listens; raises EnvoyFailedError."""
    for each in (folder.parent, folder, folder / POOLS, folder / LISTENERS):
        each.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    write_whole(folder / POOLS / f"{POOLS}.json", pools_document((), "0"))
    write_whole(folder / LISTENERS / f"{LISTENERS}.json", listeners_document((), "0"))
    write_whole(folder / "bootstrap.json", msgspec.json.encode(bootstrap(cluster, marks)))
    envoy = Envoy(cluster, folder, _spawn(program, folder), Admin(folder))
    try:
        await envoy.until_ready()
    except BaseException:
        await envoy.stop()
        raise
    return envoy


def _spawn(program: Path, folder: Path) -> subprocess.Popen[bytes]:
    told = ["-c", "bootstrap.json", "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning", *_DRAINING]
    become = [sys.executable, "-I", "-S", launcher.__file__, str(os.getpid()), str(program)]
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, _PRIVATE_FILE)
    try:
        # A session of its own: Ctrl-C in the sandbox's terminal is the sandbox's to answer.
        return subprocess.Popen(
            [*become, *told], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    finally:
        os.close(log)


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file in one go: who watches it sees the old one or the new one."""
    fresh = path.parent.parent / f".{path.name}.new"  # outside the watched folder, on the same file system
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
