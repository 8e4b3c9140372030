"""Asks one Envoy about itself, through the socket in its folder that only its owner can open."""

from __future__ import annotations

import asyncio
import enum
import os
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from meshglobal.sandbox.dataplane.envoy_config import ADMIN_SOCKET

_ANSWER_SECONDS = 5.0
_POLL_SECONDS = 0.004
_FILES = ("cds", "lds")
"""Envoy's names for the file of the pools and that of the listeners."""


class Taken(enum.Enum):
    """What became of what an Envoy was told."""

    YES = "yes"
    REJECTED = "rejected"
    NOT_YET = "not yet"


class Admin:
    """The admin interface of one Envoy."""

    def __init__(self, folder: Path) -> None:
        # A socket's path has at most 107 bytes, a folder's path may have more: so by the folder's descriptor.
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        connector = aiohttp.UnixConnector(f"/proc/self/fd/{self._folder}/{ADMIN_SOCKET}")
        self._rejections: dict[str, int] = {}
        wait = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        self._session = aiohttp.ClientSession("http://envoy", connector=connector, timeout=wait)

    async def is_ready(self) -> bool:
        """Whether it has all that it was told at the start."""
        try:
            return await self._text("/ready") == "LIVE\n"
        except (aiohttp.ClientError, OSError):
            return False  # it has not opened its socket yet

    async def ports(self) -> dict[str, int]:
        """The port of each listener that listens, by the listener's name."""
        found: Any = msgspec.json.decode(await self._text("/listeners?format=json"))
        return {
            each["name"]: each["local_address"]["socket_address"]["port_value"]
            for each in found.get("listener_statuses", ())
        }

    async def taken(self, version: int, seconds: float) -> Taken:
        """Wait until Envoy has taken or rejected both files of this version, or of a later one."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        before = self._rejections
        while True:
            found = await self._numbers()
            self._rejections = {name: found.get(f"{name}.update_rejected", 0) for name in _FILES}
            rejected = [name for name in _FILES if self._rejections[name] > before.get(name, 0)]
            if all(name in rejected or found.get(f"{name}.version_text", 0) >= version for name in _FILES):
                return Taken.REJECTED if rejected else Taken.YES
            if loop.time() > ends:
                return Taken.NOT_YET
            await asyncio.sleep(_POLL_SECONDS)

    async def _numbers(self) -> dict[str, int]:
        """Which versions it has, and how many it has rejected, of each file."""
        text = await self._text("/stats?filter=[cl]ds.(version_text|update_rejected)$")
        pairs = (line.partition(": ") for line in text.splitlines())
        return {name.partition(".")[2]: int(value.strip('"') or 0) for name, _, value in pairs}

    async def close(self) -> None:
        """Close the connection."""
        await self._session.close()
        os.close(self._folder)

    async def _text(self, path: str) -> str:
        async with self._session.get(path) as answer:
            return await answer.text()
