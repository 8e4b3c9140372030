"""Reading an HTTP/1 answer as curl does: its head, then its body in pieces."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from meshglobal.sandbox.containers.curl.failures import CurlError, Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD_LIMIT: Final = 300 * 1024
_PIECE: Final = 16 * 1024
_STATUS: Final = re.compile(r"HTTP/(1\.[01]) (\d{3})(?: |$)")
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?\r\n")
_RESET: Final = "Recv failure: Connection reset by peer"
_BAD_CHUNK: Final = "Illegal or missing hexadecimal sequence in chunked-encoding"
_NO_BODY: Final = (204, 304)
_INTERIM: Final = 200
_SWITCHED: Final = 101


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer."""

    version: str
    status: int
    lines: tuple[str, ...]
    """The status line and the headers, as they came."""
    headers: Sequence[tuple[str, str]]

    def header(self, name: str) -> str:
        """Return the first header of a name (in small letters), or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_interim(self) -> bool:
        """Whether another head follows."""
        return self.status < _INTERIM and self.status != _SWITCHED

    @property
    def length(self) -> int | None:
        """How many bytes of body are announced."""
        text = self.header("content-length")
        return int(text) if _LENGTH.fullmatch(text) and not self.is_chunked else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self.header("transfer-encoding").lower().endswith("chunked")

    @property
    def stays_open(self) -> bool:
        """Whether the connection could be used again."""
        wish = self.header("connection").lower()
        if self.version == "1.0":
            return wish == "keep-alive"
        return wish != "close" and (self.is_chunked or self.length is not None or self.status in _NO_BODY)

    @property
    def size(self) -> int:
        """How many bytes it took."""
        return sum(len(line.encode()) + 2 for line in self.lines) + 2


async def read_head(reader: asyncio.StreamReader) -> Head:
    """Read the head of an answer; raises CurlError (1, 52, 56)."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as over:
        raise CurlError(Exit.RECEIVE_ERROR, f"Too large response headers: {over.consumed} > {HEAD_LIMIT}") from over
    except asyncio.IncompleteReadError as cut:
        if not cut.partial:
            raise CurlError(Exit.EMPTY_REPLY, "Empty reply from server") from cut
        raw = cut.partial
    except ConnectionResetError as reset:
        raise CurlError(Exit.RECEIVE_ERROR, _RESET) from reset
    return _head_of(raw.decode("utf-8", "replace"))


def _head_of(text: str) -> Head:
    lines = text.removesuffix("\r\n\r\n").split("\r\n")
    status = _STATUS.match(lines[0])
    if status is None:
        raise CurlError(Exit.UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise CurlError(Exit.WEIRD_ANSWER, "Header without colon")
        headers.append((name.strip().lower(), value.strip()))
    return Head(status[1], int(status[2]), tuple(lines), headers)


async def body_of(reader: asyncio.StreamReader, head: Head, *, is_head: bool) -> AsyncGenerator[bytes, None]:
    """Yield the body in pieces; raises CurlError (18 where it is cut off, 56)."""
    if is_head or head.status in _NO_BODY:
        return
    pieces = _chunks(reader) if head.is_chunked else _plain(reader, head.length)
    try:
        async with contextlib.aclosing(pieces):
            async for piece in pieces:
                yield piece
    except ConnectionResetError as reset:
        raise CurlError(Exit.RECEIVE_ERROR, _RESET) from reset


async def _plain(reader: asyncio.StreamReader, length: int | None) -> AsyncGenerator[bytes, None]:
    left = length
    while left is None or left > 0:
        piece = await reader.read(_PIECE if left is None else min(left, _PIECE))
        if not piece:
            if left is None:
                return
            raise CurlError(Exit.PARTIAL, f"transfer closed with {left} bytes remaining to read")
        left = None if left is None else left - len(piece)
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    try:
        while size := await _chunk_size(reader):
            async with contextlib.aclosing(_plain(reader, size)) as pieces:
                async for piece in pieces:
                    yield piece
            await reader.readuntil(b"\r\n")
        while await reader.readuntil(b"\r\n") != b"\r\n":
            continue  # trailers are not shown
    except asyncio.IncompleteReadError as cut:
        raise CurlError(Exit.PARTIAL, "transfer closed with outstanding read data remaining") from cut
    except asyncio.LimitOverrunError as long:
        raise CurlError(Exit.RECEIVE_ERROR, _BAD_CHUNK) from long


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    match = _CHUNK.fullmatch(await reader.readuntil(b"\r\n"))
    if match is None:
        raise CurlError(Exit.RECEIVE_ERROR, _BAD_CHUNK)
    return int(match[1], 16)
