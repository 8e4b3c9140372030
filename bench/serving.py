"""How many GETs a second one embedded API server answers over TLS, asked by real clients on kept-alive connections."""

from __future__ import annotations

import base64
import multiprocessing
import re
import socket
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

if TYPE_CHECKING:
    from bench.measures import Row

_CLIENTS, _SECONDS = 2, 3.0
_TARGET = "/api/v1/namespaces/bench/services/service-000"
_CHUNK = 1 << 16
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def gets_per_second(kubeconfig: Path) -> Row:
    """Ask the first cluster for one Service from two processes, which also take their share of the processors."""
    from bench.measures import Row

    document = yaml.load(kubeconfig.read_bytes(), yaml.CSafeLoader)
    with multiprocessing.get_context("spawn").Pool(_CLIENTS) as pool:
        counts = pool.map(_count, [document] * _CLIENTS)
    return Row(f"1 API server: GETs over TLS, {_CLIENTS} connections", sum(counts) / _SECONDS, unit="/s")


def _count(document: dict[str, Any]) -> int:
    """How many answers came in the time. The bare socket is read, so that the client takes as little as it can."""
    cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    address = urlsplit(cluster["server"])
    host = str(address.hostname)
    request = f"GET {_TARGET} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {user['token']}\r\n\r\n".encode()
    count, end = 0, time.monotonic() + _SECONDS
    context = ssl.create_default_context(cadata=authority)
    with (
        socket.create_connection((host, address.port or 443), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        while time.monotonic() < end:
            connection.sendall(request)
            _read_answer(connection)
            count += 1
    return count


def _read_answer(connection: ssl.SSLSocket) -> None:
    """Read one answer to its end; raises RuntimeError unless it is a 200 with a length."""
    found = connection.recv(_CHUNK)
    while b"\r\n\r\n" not in found:
        found += _more(connection)
    head, _, body = found.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or length is None:
        raise RuntimeError(f"GET {_TARGET}: {head[:200]!r}")
    missing = int(length[1]) - len(body)
    while missing > 0:
        missing -= len(_more(connection))


def _more(connection: ssl.SSLSocket) -> bytes:
    found = connection.recv(_CHUNK)
    if not found:
        raise RuntimeError(f"GET {_TARGET}: the server hung up")
    return found
