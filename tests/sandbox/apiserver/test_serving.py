from __future__ import annotations

import asyncio
import contextlib
import gc
import http.client
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from plain_http import ask, connection, headers_of

from meshglobal.sandbox.apiserver.cluster import start_cluster
from meshglobal.sandbox.apiserver.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from served_cluster import Served


_MERGE = "application/merge-patch+json"


@pytest.fixture
def untroubled(served: Served) -> Iterator[Served]:
    """The served cluster, without any fault afterwards."""
    yield served
    served.call(served.cluster.faults.clear)


def _services(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/services"


def _service(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"ports": [{"port": 80}]}}


def test_the_certificate_is_vouched_for_by_the_sandboxes_authority_alone(served: Served) -> None:
    assert ask(served, "GET", "/version").status == 200
    stranger = http.client.HTTPSConnection("127.0.0.1", served.cluster.listener.port, timeout=5)
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/version")
    stranger.close()


def test_a_kubeconfig_is_for_its_owner_alone(served: Served) -> None:
    assert stat.S_IMODE(served.kubeconfig.stat().st_mode) == 0o600
    content = yaml.safe_load(served.kubeconfig.read_text())
    assert content["clusters"][0]["cluster"]["server"] == served.cluster.url


def test_tokens_are_not_shown(served: Served) -> None:
    shown = repr(served.cluster)
    assert not [token for token in served.cluster.tokens.values() if token in shown]


def test_several_requests_share_a_connection(served: Served, namespace: str) -> None:
    with connection(served) as opened:
        for name in ("a", "b", "a"):
            opened.request("GET", f"{_services(namespace)}/{name}", headers=headers_of(served, "admin"))
            response = opened.getresponse()
            assert response.status == 404
            response.read()


def test_only_the_admin_may_make_the_cluster_forget(served: Served) -> None:
    assert ask(served, "POST", "/sandbox/compact", user=None).status == 403
    assert ask(served, "POST", "/sandbox/compact", user="reader").status == 403
    assert ask(served, "GET", "/sandbox/compact").status == 404
    before = ask(served, "GET", "/api/v1/namespaces").json["metadata"]["resourceVersion"]
    assert ask(served, "POST", "/sandbox/compact").json["compacted"] >= int(before)


def test_a_forgotten_page_is_gone_and_names_a_way_on(served: Served, namespace: str) -> None:
    for name in ("a", "b", "c"):
        assert ask(served, "POST", _services(namespace), _service(name)).status == 201
    first = ask(served, "GET", f"{_services(namespace)}?limit=1").json
    ask(served, "PATCH", f"{_services(namespace)}/c", {"metadata": {"labels": {"x": "1"}}}, Content_Type=_MERGE)
    served.call(served.cluster.compact)
    gone = ask(served, "GET", f"{_services(namespace)}?limit=1&continue={first['metadata']['continue']}")
    assert (gone.status, gone.json["reason"]) == (410, "Expired")
    rest = ask(served, "GET", f"{_services(namespace)}?continue={gone.json['metadata']['continue']}").json
    assert [each["metadata"]["name"] for each in rest["items"]] == ["b", "c"]


def test_a_user_may_do_what_was_granted_where_it_was_granted(served: Served, namespace: str) -> None:
    rules = [{"apiGroups": [""], "resources": ["services"], "verbs": ["list"]}]
    served.call(lambda: served.cluster.add_user("lister", rules, namespace))
    assert ask(served, "GET", _services(namespace), user="lister").status == 200
    assert ask(served, "GET", _services("default"), user="lister").status == 403
    assert ask(served, "POST", _services(namespace), _service("a"), user="lister").status == 403


def test_a_fault_answers_in_place_of_the_api_as_often_as_it_is_told(untroubled: Served) -> None:
    fault = Fault(status=429, retry_after=7, left=2, path="/api/v1/namespaces*")
    untroubled.call(lambda: untroubled.cluster.faults.set("busy", fault))
    answers = [ask(untroubled, "GET", "/api/v1/namespaces") for _ in range(3)]
    assert [each.status for each in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert ask(untroubled, "GET", "/version").status == 200


def test_a_fault_drops_the_connection(untroubled: Served) -> None:
    untroubled.call(lambda: untroubled.cluster.faults.set("drop", Fault(drops=True)))
    with pytest.raises(ConnectionError):
        ask(untroubled, "GET", "/version")


def test_a_fault_hangs_until_the_client_gives_up(untroubled: Served) -> None:
    untroubled.call(lambda: untroubled.cluster.faults.set("hang", Fault(hangs=True, methods=frozenset({"GET"}))))
    with connection(untroubled, seconds=0.2) as opened:
        opened.request("GET", "/version", headers=headers_of(untroubled, "admin"))
        with pytest.raises(TimeoutError):
            opened.getresponse()


def test_latency_comes_before_the_usual_answer(untroubled: Served) -> None:
    untroubled.call(lambda: untroubled.cluster.faults.set("slow", Fault(latency=0.3)))
    with connection(untroubled, seconds=0.1) as opened:
        opened.request("GET", "/version", headers=headers_of(untroubled, "admin"))
        with pytest.raises(TimeoutError):
            opened.getresponse()
    assert ask(untroubled, "GET", "/version").status == 200


def test_stopping_a_cluster_ends_open_watches() -> None:
    async def scenario() -> bytes:
        cluster = await start_cluster("short")
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", cluster.listener.port, ssl=_trusting(cluster.ca_pem), server_hostname="localhost"
        )
        token = cluster.tokens["admin"]
        request = f"GET /api/v1/services?watch=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(request.encode())
        await reader.readuntil(b"\r\n\r\n")
        await cluster.stop()
        rest = await reader.read()
        writer.close()
        return rest

    assert asyncio.run(asyncio.wait_for(scenario(), 20)) in (b"", b"0\r\n\r\n")


def test_whoever_connects_while_a_cluster_stops_is_turned_away() -> None:
    """What was accepted just before has no transport yet: asyncio loses it when its server is closed by then."""

    def greeted(client: socket.socket, ca_pem: str) -> bytes:
        with _trusting(ca_pem).wrap_socket(client, server_hostname="localhost") as secured:
            return secured.recv(1)

    async def connect_and_stop() -> bytes:
        cluster = await start_cluster("short")
        with socket.create_connection(("127.0.0.1", cluster.listener.port), timeout=5) as client:
            await asyncio.sleep(0)
            await asyncio.sleep(0)  # it is accepted, and that is all
            await cluster.stop()
            return await asyncio.to_thread(greeted, client, cluster.ca_pem)

    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        assert asyncio.run(connect_and_stop()) == b""
    gc.collect()  # what was lost says so now


def _trusting(ca_pem: str) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ca_pem)


def test_the_server_runs_in_the_foreground_until_it_is_told_to_stop(tmp_path: Any) -> None:
    config = tmp_path / "config"
    command = [sys.executable, "-m", "meshglobal.sandbox.apiserver", "--kubeconfig", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert yaml.safe_load(config.read_text())["clusters"][0]["cluster"]["server"] == url
        process.terminate()
        assert process.wait(20) == 0
        watchdog.cancel()


def test_a_watcher_that_goes_away_is_forgotten(served: Served, namespace: str) -> None:
    def listeners() -> int:
        return served.call(lambda: len(served.cluster.state.store._listeners.get("leases.coordination.k8s.io", ())))

    before = listeners()
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases?watch=true"
    with connection(served) as opened:
        opened.request("GET", path, headers=headers_of(served, "admin"))
        assert opened.getresponse().status == 200
        assert listeners() == before + 1
    deadline = time.monotonic() + 10
    while listeners() != before:
        assert time.monotonic() < deadline
