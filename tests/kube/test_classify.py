"""Every class of failure, made by real sockets and servers."""

from __future__ import annotations

import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import Authority, encoded
from servers import (
    Reply,
    Seen,
    as_json,
    fleet_of,
    http_server,
    kubernetes,
    listed,
    quick,
    refusal,
    socket_server,
    wants_client_certificate,
)

from meshglobal.domain.failure import Cause, Failure
from meshglobal.domain.kinds import SEGMENT, SERVICE
from meshglobal.domain.snapshot import Gap, Query
from meshglobal.kube.fleet import ConnectionSettings

TOKEN = {"token": "t0ken"}
SERVICES = Query(SERVICE, "shop")


def gaps(
    directory: Path,
    cluster: dict[str, Any],
    user: dict[str, Any] | None = None,
    query: Query = SERVICES,
    settings: ConnectionSettings | None = None,
) -> list[Gap]:
    fleet = fleet_of(directory, {"c": (cluster, TOKEN if user is None else user)}, settings)
    (found,) = fleet.read([query]).clusters
    fleet.close()
    return list(found.gaps)


def failure(directory: Path, cluster: dict[str, Any], user: dict[str, Any] | None = None, **more: Any) -> Failure:
    """The failure of the whole cluster."""
    (gap,) = gaps(directory, cluster, user, **more)
    assert gap.query is None
    assert "t0ken" not in gap.failure.message
    assert "\n" not in gap.failure.message
    return gap.failure


def answer_failure(directory: Path, answer: Callable[[Seen], Reply], query: Query = SERVICES) -> Failure:
    """The failure of one query, where kube-system can be read."""
    with http_server(kubernetes(answer)) as server:
        (gap,) = gaps(directory, {"server": server.url}, query=query)
        assert gap.query == query
        return gap.failure


# -- no connection -----------------------------------------------------------------------------------------------


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    found = failure(tmp_path, {"server": "https://nowhere.invalid:6443"})
    assert found.cause is Cause.DNS
    assert "nowhere.invalid" in found.message


def test_a_port_where_nothing_listens(tmp_path: Path) -> None:
    found = failure(tmp_path, {"server": "https://127.0.0.1:1"})
    assert (found.cause, found.message) == (
        Cause.REFUSED,
        "https://127.0.0.1:1 does not accept connections: Connection refused",
    )


@pytest.mark.parametrize("server", ["not a url", "ftp://x", "https://[::1"])
def test_a_server_that_is_no_url(tmp_path: Path, server: str) -> None:
    assert failure(tmp_path, {"server": server}).cause is Cause.KUBECONFIG


def test_a_server_that_accepts_and_never_answers(tmp_path: Path) -> None:
    done = threading.Event()
    with socket_server(lambda _: done.wait(10) and None) as server:
        started = time.monotonic()
        found = failure(tmp_path, {"server": server.url}, settings=quick(request_timeout=0.3))
        assert time.monotonic() - started < 2
        done.set()
    assert found.cause is Cause.TIMEOUT
    assert "did not answer within 0.3 s" in found.message


@pytest.mark.parametrize(
    ("head", "piece"), [(b"Transfer-Encoding: chunked", b"1\r\n \r\n"), (b"Content-Length: 100000", b" ")]
)
def test_a_body_that_trickles_for_longer_than_a_request_may_take(tmp_path: Path, head: bytes, piece: bytes) -> None:
    done = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while not done.wait(0.05):
            connection.sendall(piece)

    with socket_server(trickle) as server:
        started = time.monotonic()
        found = failure(tmp_path, {"server": server.url}, settings=quick(request_timeout=0.5))
        assert time.monotonic() - started < 3
        done.set()
    assert found.cause is Cause.TIMEOUT


def test_a_connection_that_is_reset(tmp_path: Path) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with socket_server(reset) as server:
        found = failure(tmp_path, {"server": server.url})
    assert found.cause is Cause.CONNECTION_LOST
    assert "reset" in found.message


def test_an_answer_that_breaks_off(tmp_path: Path) -> None:
    def break_off(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"metadata":')

    with socket_server(break_off) as server:
        assert failure(tmp_path, {"server": server.url}).cause is Cause.CONNECTION_LOST


def test_a_proxy_that_does_not_listen(tmp_path: Path) -> None:
    found = failure(tmp_path, {"server": "https://10.0.0.1", "proxy-url": "http://me:pass@127.0.0.1:1"})
    assert found.cause is Cause.PROXY
    assert "pass" not in found.message


def test_a_proxy_that_refuses(tmp_path: Path) -> None:
    with http_server(lambda _: (407, {"Content-Length": "0"}, b"")) as proxy:
        found = failure(tmp_path, {"server": "https://10.0.0.1", "proxy-url": proxy.url})
    assert found.cause is Cause.PROXY
    assert "407" in found.message


# -- TLS ---------------------------------------------------------------------------------------------------------


def test_a_certificate_of_an_unknown_authority(tmp_path: Path) -> None:
    with http_server(kubernetes(lambda _: listed()), Authority().server_context(tmp_path)) as server:
        cluster = {"server": server.url, "certificate-authority-data": encoded(Authority("another").pem)}
        found = failure(tmp_path, cluster)
    assert found.cause is Cause.TLS
    assert "not trusted" in found.message


def test_a_certificate_for_another_name(tmp_path: Path) -> None:
    authority = Authority()
    with http_server(kubernetes(lambda _: listed()), authority.server_context(tmp_path, "other.example")) as server:
        cluster = {"server": server.url, "certificate-authority-data": encoded(authority.pem)}
        found = failure(tmp_path, cluster)
        assert gaps(tmp_path, cluster | {"tls-server-name": "other.example"}) == []
    assert found.cause is Cause.TLS
    assert "127.0.0.1" in found.message


def test_a_server_that_does_not_speak_tls(tmp_path: Path) -> None:
    with http_server(kubernetes(lambda _: listed())) as server:
        found = failure(tmp_path, {"server": server.url.replace("http:", "https:"), "insecure-skip-tls-verify": True})
    assert (found.cause, "does not speak TLS" in found.message) == (Cause.TLS, True)


@pytest.mark.parametrize(
    ("user", "cause"),
    [
        (lambda authority: authority.issue("me", days=-2).user, Cause.CREDENTIALS_EXPIRED),
        (lambda _: Authority("another").issue("me").user, Cause.UNAUTHORIZED),
        (lambda _: TOKEN, Cause.CREDENTIALS_MISSING),
    ],
)
def test_a_client_certificate_that_the_handshake_refuses(
    tmp_path: Path, user: Callable[[Authority], dict[str, Any]], cause: Cause
) -> None:
    authority = Authority()
    context = authority.server_context(tmp_path, clients=authority)
    with socket_server(wants_client_certificate(context)) as server:
        url = server.url.replace("http:", "https:")
        cluster = {"server": url, "certificate-authority-data": encoded(authority.pem)}
        assert failure(tmp_path, cluster, user(authority)).cause is cause


def test_a_server_that_just_hangs_up_on_an_expired_client_certificate(tmp_path: Path) -> None:
    authority = Authority()

    def hang_up(connection: socket.socket) -> None:
        connection.recv(65536)

    with socket_server(hang_up) as server:
        url = server.url.replace("http:", "https:")
        cluster = {"server": url, "certificate-authority-data": encoded(authority.pem)}
        assert failure(tmp_path, cluster, authority.issue("me", days=-1).user).cause is Cause.CREDENTIALS_EXPIRED
        assert failure(tmp_path, cluster, authority.issue("me").user).cause is Cause.CONNECTION_LOST


# -- answers -----------------------------------------------------------------------------------------------------


def jwt(expires: int) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{claims}.c2ln"


@pytest.mark.parametrize(
    ("user", "cause", "message"),
    [
        (TOKEN, Cause.UNAUTHORIZED, "Unauthorized"),
        ({"token": jwt(10)}, Cause.CREDENTIALS_EXPIRED, "the credentials expired at 1970-01-01 00:00 UTC"),
        ({"token": jwt(9_999_999_999)}, Cause.UNAUTHORIZED, "Unauthorized"),
        ({"username": "u", "password": "p"}, Cause.UNAUTHORIZED, "Unauthorized"),
        ({}, Cause.CREDENTIALS_MISSING, "no credentials"),
    ],
)
def test_401_tells_expired_missing_and_refused_apart(
    tmp_path: Path, user: dict[str, Any], cause: Cause, message: str
) -> None:
    with http_server(lambda _: refusal(401, "Unauthorized")) as server:
        found = failure(tmp_path, {"server": server.url}, user)
    assert found.cause is cause
    assert message in found.message


def test_401_with_a_certificate_that_expired(tmp_path: Path) -> None:
    authority = Authority()
    with http_server(lambda _: refusal(401, "Unauthorized"), authority.server_context(tmp_path)) as server:
        cluster = {"server": server.url, "certificate-authority-data": encoded(authority.pem)}
        found = failure(tmp_path, cluster, authority.issue("me", days=-1).user)
    assert found.cause is Cause.CREDENTIALS_EXPIRED


@pytest.mark.parametrize(
    ("reply", "cause", "message"),
    [
        (refusal(403, 'services is forbidden: User "me" cannot list'), Cause.FORBIDDEN, "services is forbidden"),
        (refusal(400, "bad selector"), Cause.REJECTED, "bad selector"),
        (refusal(500, "etcdserver: leader changed"), Cause.SERVER_ERROR, "leader changed"),
        ((503, {}, b"<html>upstream down</html>"), Cause.SERVER_ERROR, "the server answered 503 to GET"),
        ((302, {"Location": "https://sso.example/login?state=s3cret"}, b""), Cause.UNREADABLE, "sso.example/login "),
        ((200, {}, b"<!doctype html><title>Log in</title>"), Cause.UNREADABLE, "an HTML page came instead"),
        ((200, {}, b"hello"), Cause.UNREADABLE, "something else came instead"),
        ((404, {}, b"<html>nginx</html>"), Cause.UNREADABLE, "the server answered 404"),
        ((404, {}, b"404 page not found"), Cause.UNREADABLE, "the server answered 404"),
        (
            as_json({"items": [{"spec": {"ports": [{"port": "x"}]}}]}),
            Cause.UNREADABLE,
            "`$.items[0].spec.ports[0].port`",
        ),
        (as_json([1]), Cause.UNREADABLE, "something else"),
    ],
)
def test_answers_that_are_no_list(tmp_path: Path, reply: Reply, cause: Cause, message: str) -> None:
    found = answer_failure(tmp_path, lambda _: reply)
    assert found.cause is cause
    assert message in found.message
    assert "s3cret" not in found.message


def test_throttled_until_patience_ends(tmp_path: Path) -> None:
    asked = []

    def throttle(seen: Seen) -> Reply:
        asked.append(seen.path)
        return refusal(429, "Too many requests", Retry_After="0")

    assert answer_failure(tmp_path, throttle).cause is Cause.THROTTLED
    assert len(asked) == 3


def test_404_on_the_collection_of_a_custom_kind_is_an_absent_crd(tmp_path: Path) -> None:
    found = answer_failure(tmp_path, lambda _: (404, {}, b"404 page not found\n"), Query(SEGMENT))
    assert (found.cause, found.message) == (Cause.NO_SUCH_KIND, "segments.admin.solo.io is not served")
    by_name = answer_failure(tmp_path, lambda _: (404, {}, b"404 page not found\n"), Query(SEGMENT, "shop", "a"))
    assert by_name.cause is Cause.NO_SUCH_KIND


def test_404_with_a_name_is_an_absent_object_and_no_gap(tmp_path: Path) -> None:
    status = {"kind": "Status", "code": 404, "message": "not found", "details": {"name": "a", "kind": "segments"}}
    with http_server(kubernetes(lambda _: as_json(status, 404))) as server:
        assert gaps(tmp_path, {"server": server.url}, query=Query(SEGMENT, "shop", "a")) == []
