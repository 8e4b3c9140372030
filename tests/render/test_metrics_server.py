"""The metrics of a watch over real sockets, read by Prometheus' own parser."""

from __future__ import annotations

import http.client
import socket
import threading

import parsed_reports as parsed
import pytest
from sample_reports import broken, fine, full

from meshglobal.domain.errors import UsageError
from meshglobal.render.metrics_server import Address, address, serve_metrics

LOOPBACK = Address("127.0.0.1", 0)


def ask(where: Address, path: str, method: str = "GET", host: str | None = None) -> tuple[int, str, str]:
    """Status, type and text."""
    connection = http.client.HTTPConnection(where.host, where.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host} if host is not None else {})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type", ""), answer.read().decode()
    finally:
        connection.close()


def test_the_present_state_is_served_and_nothing_before_there_is_one() -> None:
    with serve_metrics(LOOPBACK) as server:
        assert server.address.port > 0
        assert ask(server.address, "/metrics")[0] == 503
        assert ask(server.address, "/healthz")[::2] == (200, "ok\n")
        server.show(full())
        status, kind, text = ask(server.address, "/metrics?x=1")
        assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        found = parsed.as_prometheus(text)
        states = {(one["context"], one["service"]): one["state"] for one, _ in found["meshglobal_host_state"]}
        assert states["cluster1", "ratings"] == "Missing"
        server.show(fine())
        found = parsed.as_prometheus(ask(server.address, "/metrics")[2])
        assert [one["state"] for one, _ in found["meshglobal_host_state"]] == ["Ready"]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 404), ("/metrics/", "GET", 404), ("/../etc/passwd", "GET", 404), ("/metrics", "POST", 501)],
)
def test_there_is_nothing_else(path: str, method: str, status: int) -> None:
    with serve_metrics(LOOPBACK) as server:
        server.show(fine())
        assert ask(server.address, path, method)[0] == status


def test_head_has_no_text_and_nobody_learns_versions() -> None:
    with serve_metrics(LOOPBACK) as server:
        server.show(broken())
        assert ask(server.address, "/metrics", "HEAD")[::2] == (200, "")
        with socket.create_connection((server.address.host, server.address.port), timeout=10) as raw:
            raw.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            answer = b"".join(iter(lambda: raw.recv(4096), b"")).decode()
        assert "Server: meshglobal\r\n" in answer
        assert "Python" not in answer


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 403), ("evil.example:9464", 403)],
)
def test_on_loopback_it_answers_to_loopback_names_alone(host: str, status: int) -> None:
    with serve_metrics(LOOPBACK) as server:
        server.show(fine())
        assert ask(server.address, "/metrics", host=host)[0] == status


def test_many_can_ask_at_once_and_one_who_says_nothing_hinders_nobody() -> None:
    found: list[int] = []
    with serve_metrics(LOOPBACK) as server, socket.create_connection((server.address.host, server.address.port)):
        server.show(full())
        threads = [threading.Thread(target=lambda: found.append(ask(server.address, "/metrics")[0])) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert found == [200] * 16


def test_when_it_has_ended_nobody_listens_and_the_address_is_free() -> None:
    with serve_metrics(LOOPBACK) as server:
        taken = server.address
        with pytest.raises(UsageError, match="Address already in use"), serve_metrics(taken):
            pytest.fail("it is taken")
    with pytest.raises(ConnectionRefusedError):
        ask(taken, "/healthz")
    with serve_metrics(taken) as server:
        assert server.address == taken


@pytest.mark.parametrize(
    ("text", "shown", "is_loopback"),
    [
        ("127.0.0.1:9464", "127.0.0.1:9464", True),
        ("localhost:9464", "127.0.0.1:9464", True),
        (":9464", "127.0.0.1:9464", True),
        ("9464", "127.0.0.1:9464", True),
        ("[::1]:0", "[::1]:0", True),
        ("0.0.0.0:80", "0.0.0.0:80", False),
        ("[::]:80", "[::]:80", False),
        ("192.0.2.7:80", "192.0.2.7:80", False),
    ],
)
def test_addresses(text: str, shown: str, *, is_loopback: bool) -> None:
    found = address(text)
    assert (str(found), found.is_loopback) == (shown, is_loopback)


@pytest.mark.parametrize(
    "text", ["", ":", "127.0.0.1", "127.0.0.1:", "a.example:80", "::1:80", "[::1]", "1:65536", "-1"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="--metrics-listen"):
        address(text)
