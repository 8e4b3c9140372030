"""The Envoys of all clusters: told of pools that changed, started again where one has died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from meshglobal.sandbox.dataplane.admin import Taken
from meshglobal.sandbox.dataplane.envoy import Envoy, EnvoyFailedError, start_envoy
from meshglobal.sandbox.dataplane.envoy_config import JSON, Marks
from meshglobal.sandbox.dataplane.pools import Pool

_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Told(NamedTuple):
    """What an Envoy must know: its pools, and the listeners of Gateways."""

    pools: tuple[Pool, ...]
    listeners: list[JSON]


class Envoys:
    """One running Envoy a cluster."""

    def __init__(self, program: Path, folder: Path, marks: Marks, on_trouble: Callable[[], None]) -> None:
        self.marks = marks
        self._on_trouble = on_trouble
        self._program = program
        self._folder = folder
        self.rejections: dict[str, str] = {}
        """Why an Envoy rejected what it was told last, by cluster."""
        self._running: dict[str, Envoy] = {}
        self._told: dict[str, Told] = {}

    async def start(self, clusters: Iterable[str]) -> None:
        """Start them side by side; raises EnvoyFailedError where one does not start."""
        done = await asyncio.gather(*map(self._start, clusters), return_exceptions=True)
        for each in done:
            if each is not None:
                raise each

    async def stop(self) -> None:
        """End all of them."""
        await asyncio.gather(*(each.stop() for each in self._running.values()))
        self._running.clear()

    @property
    def pids(self) -> dict[str, int]:
        """The numbers of the processes, by cluster."""
        return {name: each.pid for name, each in self._running.items()}

    @property
    def doors(self) -> dict[str, int]:
        """The ports for requests of other clusters."""
        return {name: each.eastwest for name, each in self._running.items()}

    def outbound(self, cluster: str) -> int:
        """The port for requests of a cluster's own pods."""
        return self._running[cluster].outbound

    async def revive(self) -> None:
        """Start those again that have died; one that cannot be started is tried again a moment later."""
        for name, each in tuple(self._running.items()):
            if each.is_running:
                continue
            _log.warning("the Envoy of %s has died; a new one is started", name)
            try:
                await self._start(name)
            except EnvoyFailedError as failure:
                _log.warning("%s", failure)
                asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._on_trouble)
            else:
                await each.stop()

    async def tell(self, told: Mapping[str, Told]) -> None:
        """Have pools and listeners in effect; only Envoys for which something changed are told."""
        changed = {name: each for name, each in told.items() if self._told.get(name) != each}
        versions = {name: self._running[name].tell(*each) for name, each in changed.items()}
        self._told |= changed
        done = await asyncio.gather(*(self._running[name].taken(version) for name, version in versions.items()))
        for name, taken in zip(versions, done, strict=True):
            self.rejections.pop(name, None)
            if taken is Taken.REJECTED:
                self.rejections[name] = self._running[name].rejection()
                _log.warning("the Envoy of %s rejects what it is told: %s", name, self.rejections[name])
            elif taken is Taken.NOT_YET:
                _log.warning("the Envoy of %s does not take what it is told; it is told again", name)
                del self._told[name]
                asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._on_trouble)

    async def _start(self, cluster: str) -> None:
        self._told.pop(cluster, None)
        started = await start_envoy(self._program, cluster, self._folder / cluster, self.marks)
        started.when_it_dies(self._on_trouble)
        self._running[cluster] = started
