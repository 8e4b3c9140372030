from __future__ import annotations

import contextlib
import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver import spdy
from meshglobal.sandbox.apiserver.spdy import BadSpdyError, Decoder, Encoder, SpdyFrame

DICTIONARY_ID = 0xE3C6A7C2  # as the specification has it


def syn_stream(stream: int, packer: zlib._Compress, **headers: str) -> bytes:
    """What a client sends to open a stream."""
    block = struct.pack(">I", len(headers))
    for name, value in headers.items():
        block += struct.pack(">I", len(name)) + name.encode() + struct.pack(">I", len(value)) + value.encode()
    packed = packer.compress(block) + packer.flush(zlib.Z_SYNC_FLUSH)
    payload = struct.pack(">IIH", stream, 0, 0) + packed
    return struct.pack(">HHI", 0x8003, spdy.SYN_STREAM, len(payload)) + payload


def test_the_dictionary_is_that_of_the_specification() -> None:
    assert zlib.adler32(spdy.dictionary()) == DICTIONARY_ID


def test_frames_are_found_wherever_the_bytes_are_cut() -> None:
    packer = zlib.compressobj(zdict=spdy.dictionary())
    sent = syn_stream(1, packer, streamtype="error", port="80") + syn_stream(3, packer, StreamType="data")
    sent += Encoder.data(3, b"hello", is_last=True) + Encoder.ping(7)
    expected = [
        SpdyFrame(spdy.SYN_STREAM, 1, headers={"streamtype": "error", "port": "80"}),
        SpdyFrame(spdy.SYN_STREAM, 3, headers={"streamtype": "data"}),
        SpdyFrame(spdy.DATA, 3, b"hello", is_last=True),
        SpdyFrame(spdy.PING, 7),
    ]
    for size in (1, 7, len(sent)):
        decoder = Decoder()
        parts = [sent[start : start + size] for start in range(0, len(sent), size)]
        assert [frame for part in parts for frame in decoder.feed(part)] == expected


@given(st.lists(st.binary(max_size=64), max_size=8), st.booleans())
def test_any_bytes_are_frames_or_refused(parts: list[bytes], looks_like_one: bool) -> None:  # noqa: FBT001 - drawn
    decoder = Decoder()
    with contextlib.suppress(BadSpdyError):
        for part in parts:
            head = struct.pack(">HHI", 0x8003, spdy.SYN_STREAM, len(part)) if looks_like_one else b""
            for frame in decoder.feed(head + part):
                assert frame.stream <= 0x7FFFFFFF
