"""The frames of SPDY/3.1, as far as kubectl uses them when it forwards ports.

Nothing here reads or writes: bytes go in, frames come out, and the other way round.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY = 1, 2, 3, 6, 7
DATA: Final = 0
"""Stands for the type of frames that have none."""
FIN: Final = 1
_VERSION: Final = 3
_CONTROL: Final = 0x8000
_LARGEST: Final = 1 << 20
_HEAD: Final = 8
_MOST_HEADERS: Final = 64 * 1024
_STREAM_ID: Final = 0x7FFFFFFF


class BadSpdyError(Exception):
    """Bytes that are no SPDY; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class SpdyFrame:
    """One frame: its type, its stream (or the number of a ping), and what it carries."""

    type: int
    stream: int = 0
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_last: bool = False
    """Whether the sender sends no more on this stream."""


def dictionary() -> bytes:
    """Return the text that both sides' compression begins with, from the specification of SPDY/3."""
    return files("meshglobal.sandbox.apiserver").joinpath("data/spdy-dictionary.bin").read_bytes()


class Decoder:
    """Makes frames of what arrives; keeps the state of the headers' compression."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._inflater = zlib.decompressobj(zdict=dictionary())

    def feed(self, data: bytes) -> Iterator[SpdyFrame]:
        """Yield the frames that these bytes complete; raises BadSpdyError."""
        self._waiting += data
        while len(self._waiting) >= _HEAD:
            first, second = struct.unpack_from(">II", self._waiting)
            flags, length = second >> 24, second & 0xFFFFFF
            if length > _LARGEST:
                raise BadSpdyError(f"a frame of {length} bytes is too large")
            if len(self._waiting) < _HEAD + length:
                return
            payload = bytes(self._waiting[_HEAD : _HEAD + length])
            del self._waiting[: _HEAD + length]
            yield self._frame(first, flags, payload)

    def _frame(self, first: int, flags: int, payload: bytes) -> SpdyFrame:
        is_last = bool(flags & FIN)
        if not first >> 16 & _CONTROL:
            return SpdyFrame(DATA, first & _STREAM_ID, payload, is_last=is_last)
        version, kind = first >> 16 & 0x7FFF, first & 0xFFFF
        if version != _VERSION:
            raise BadSpdyError(f"SPDY of version {version} is not spoken")
        if kind == SYN_STREAM:
            return SpdyFrame(kind, _number(payload), headers=self._headers(payload[10:]), is_last=is_last)
        return SpdyFrame(kind, _number(payload) if len(payload) >= 4 else 0)  # noqa: PLR2004 - a number has four bytes

    def _headers(self, packed: bytes) -> dict[str, str]:
        try:
            block = self._inflater.decompress(packed, _MOST_HEADERS)
            (count,), at, found = struct.unpack_from(">I", block), 4, {}
            for _ in range(count):
                name, at = _text(block, at)
                value, at = _text(block, at)
                found[name.lower()] = value
        except (zlib.error, struct.error) as wrong:
            raise BadSpdyError("headers cannot be read") from wrong
        return found


def _number(payload: bytes) -> int:
    try:
        return int(struct.unpack_from(">I", payload)[0]) & _STREAM_ID
    except struct.error as short:
        raise BadSpdyError("a frame is cut off") from short


def _text(block: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">I", block, at)
    end = at + 4 + length
    if end > len(block):
        raise struct.error("cut off")
    return block[at + 4 : end].decode("latin-1"), end


class Encoder:
    """Makes bytes of frames; keeps the state of the headers' compression."""

    def __init__(self) -> None:
        self._deflater = zlib.compressobj(zdict=dictionary())

    def reply(self, stream: int) -> bytes:
        """Accept a stream, without headers."""
        block = self._deflater.compress(struct.pack(">I", 0)) + self._deflater.flush(zlib.Z_SYNC_FLUSH)
        return _control(SYN_REPLY, struct.pack(">I", stream) + block)

    @staticmethod
    def data(stream: int, data: bytes, *, is_last: bool = False) -> bytes:
        """Send data on a stream."""
        return struct.pack(">II", stream, (FIN << 24 if is_last else 0) | len(data)) + data

    @staticmethod
    def ping(number: int) -> bytes:
        """Send a ping back."""
        return _control(PING, struct.pack(">I", number))


def _control(kind: int, payload: bytes) -> bytes:
    return struct.pack(">HHI", _CONTROL | _VERSION, kind, len(payload)) + payload
