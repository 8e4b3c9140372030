"""Keeps one small HTTP server for each running pod, and takes it away gently."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from meshglobal.sandbox.accepting import accept_no_more
from meshglobal.sandbox.dataplane.mesh import PodKey, Server

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_GRACE_SECONDS = 30.0
"""How long requests in flight may take after a pod was told to end; Kubernetes' own default."""
_KEEP_ALIVE_SECONDS = 75.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class PodServer:
    """The server of one pod."""

    handler: Handler
    takes: frozenset[int] | None
    """The ports of the pod that it answers at; None: any."""
    port: int = 0
    _in_flight: int = 0
    _is_idle: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.ServerRunner | None = None
    _socket: socket.socket | None = None

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._is_idle.set()
        server = web.Server(self._serve, access_log=None, keepalive_timeout=_KEEP_ALIVE_SECONDS)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        self._socket = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(self._runner, self._socket).start()
        self.port = int(self._socket.getsockname()[1])

    async def stop(self, grace: float = _GRACE_SECONDS) -> None:
        """Take no new connection, finish what is in flight, close the rest."""
        if self._runner is None or self._socket is None:
            return
        runner, self._runner = self._runner, None
        try:
            await accept_no_more(self._socket)
            for site in tuple(runner.sites):
                await site.stop()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._is_idle.wait()
        finally:
            await runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self._in_flight += 1
        self._is_idle.clear()
        try:
            return await self.handler(request)
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._is_idle.set()


class Servers:
    """The servers of all pods, by pod."""

    def __init__(self) -> None:
        self._running: dict[PodKey, PodServer] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def listening(self) -> dict[PodKey, Server]:
        """Where each pod's application listens."""
        return {key: Server(each.port, each.takes) for key, each in self._running.items()}

    async def start_missing(self, wanted: Mapping[PodKey, Callable[[], PodServer | None]]) -> None:
        """Start what is wanted and not there yet; None from a maker: that pod runs nothing that listens."""
        fresh = {key: made for key, make in wanted.items() if key not in self._running and (made := make())}
        done = await asyncio.gather(*(each.start() for each in fresh.values()), return_exceptions=True)
        for (key, server), failure in zip(fresh.items(), done, strict=True):
            if isinstance(failure, OSError):  # too many open files, say: to others the pod seems not to listen
                _log.warning("%s: pod %s/%s does not listen: %s", key.cluster, key.namespace, key.name, failure)
            elif failure is not None:
                raise failure
            else:
                self._running[key] = server

    def drop_all_but(self, wanted: Iterable[PodKey]) -> dict[PodKey, PodServer]:
        """Forget the servers of other pods and return them; the caller ends them when nobody is sent there any more."""
        gone = set(self._running) - set(wanted)
        return {key: self._running.pop(key) for key in gone}

    def end_later(self, server: PodServer, then: Callable[[], None]) -> None:
        """End a server in the background, and do something afterwards."""
        task = asyncio.create_task(server.stop())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        task.add_done_callback(lambda _: then())

    async def stop(self) -> None:
        """End all at once."""
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)
        await asyncio.gather(*(each.stop(0.0) for each in self._running.values()))
        self._running.clear()
