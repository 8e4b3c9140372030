"""Asks one Envoy about itself, through the socket in its folder that only its owner can open."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from meshglobal.sandbox.dataplane.envoy_config import ADMIN_SOCKET

_ANSWER_SECONDS = 5.0
_POLL_SECONDS = 0.004


class Admin:
    """The admin interface of one Envoy."""

    def __init__(self, folder: Path) -> None:
        # A socket's path has at most 107 bytes, a folder's path may have more: so by the folder's descriptor.
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        connector = aiohttp.UnixConnector(f"/proc/self/fd/{self._folder}/{ADMIN_SOCKET}")
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

    async def version(self) -> int:
        """The version of the pools and the listeners that are in effect; of the two, the older one."""
        text = await self._text("/stats?filter=[cl]ds.version_text$")
        found = [line.partition(":")[2].strip().strip('"') for line in text.splitlines()]
        return min((int(each or 0) for each in found), default=0)

    async def until_version(self, version: int, seconds: float) -> bool:
        """Wait until what was told in this version, or a later one, is in effect; False where that takes too long."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while loop.time() < ends:
            if await self.version() >= version:
                return True
            await asyncio.sleep(_POLL_SECONDS)
        return False

    async def close(self) -> None:
        """Close the connection."""
        await self._session.close()
        os.close(self._folder)

    async def _text(self, path: str) -> str:
        async with self._session.get(path) as answer:
            return await answer.text()
