"""Partitions, pods that go while they answer, Envoys that die, callers that cheat."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from calling import Calling, until

from meshglobal.sandbox.dataplane.answers import Answer, Outcome, Request, Reset, Target, TimedOut
from meshglobal.sandbox.dataplane.dead_ends import refusing, silent
from meshglobal.sandbox.runtime.client import RefusedError, clients

ONE, TWO = "cluster1", "cluster2"
HOST = "in-ambient.httpbin.mesh.internal"
GLOBAL = f"http://{HOST}:8000"
CONNECTED = "gloo.solo.io/PeerConnected"


@pytest.fixture
def published(httpbin: Calling) -> Calling:
    httpbin.publish("in-ambient", ONE, TWO)
    return httpbin


@contextmanager
def parted(calling: Calling, *, is_silent: bool = False) -> Iterator[None]:
    partitions = calling.mesh.partitions
    calling.mesh.call(lambda: partitions.part(ONE, TWO, is_silent=is_silent))
    calling.settle()
    try:
        yield
    finally:
        calling.mesh.call(lambda: partitions.join(ONE, TWO))
        calling.settle()


def status_of(outcome: Outcome) -> int:
    assert isinstance(outcome, Answer), outcome
    return outcome.status


def peer_condition(calling: Calling, cluster: str) -> str:
    peer = TWO if cluster == ONE else ONE
    gateway = calling.mesh.get(
        cluster, "gateways.gateway.networking.k8s.io", "istio-eastwest", f"istio-remote-peer-{peer}"
    )
    return next(str(each["status"]) for each in gateway["status"]["conditions"] if each["type"] == CONNECTED)


def test_over_a_partition_the_own_copy_alone_answers(published: Calling) -> None:
    published.publish("in-ambient", ONE, TWO, mode="Any")
    caller = published.pod(ONE, "client-in-ambient")
    with parted(published):
        assert published.served_by(caller, f"{GLOBAL}/get", 20) == {ONE: 20}, "refused at one, tried at the other"
        published.scale(ONE, "in-ambient", 0)
        answer = published.get(caller, f"{GLOBAL}/get")
        assert isinstance(answer, Answer)
        assert answer.status == 503
        assert b"upstream connect error" in answer.body
        assert {peer_condition(published, each) for each in (ONE, TWO)} == {"False"}
    assert published.served_by(caller, f"{GLOBAL}/get", 5) == {TWO: 5}
    assert {peer_condition(published, each) for each in (ONE, TWO)} == {"True"}


def test_a_running_sandbox_is_parted_from_outside(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    published.scale(ONE, "in-ambient", 0)
    (client, *others) = clients(published.mesh.kubeconfig)
    try:
        client.send("PUT", f"/sandbox/partition/{TWO}", {"isSilent": False})
        client.send("POST", "/sandbox/settle")
        assert status_of(published.get(caller, f"{GLOBAL}/get")) == 503
        client.send("DELETE", f"/sandbox/partition/{TWO}")
        client.send("POST", "/sandbox/settle")
        assert status_of(published.get(caller, f"{GLOBAL}/get")) == 200
        with pytest.raises(RefusedError, match="no peer 'nobody'"):
            client.send("PUT", "/sandbox/partition/nobody")
    finally:
        for each in (client, *others):
            each.close()


def test_a_silent_partition_lets_callers_wait(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    published.scale(ONE, "in-ambient", 0)
    with parted(published, is_silent=True):
        assert published.get(caller, f"{GLOBAL}/get", seconds=0.3) == TimedOut(0.3)


def test_a_silent_endpoint_neither_takes_nor_refuses_connections() -> None:
    with silent() as endpoint, socket.socket() as caller:
        caller.settimeout(0.2)
        with pytest.raises(TimeoutError):
            caller.connect((endpoint.address, endpoint.port))


def test_a_refusing_endpoint_refuses() -> None:
    with refusing() as endpoint, socket.socket() as caller, pytest.raises(ConnectionRefusedError):
        caller.connect((endpoint.address, endpoint.port))


def test_a_peer_behind_a_gateway_with_a_wrong_address_is_not_reached(published: Calling) -> None:
    name, kind = f"istio-remote-peer-{TWO}", "gateways.gateway.networking.k8s.io"

    def with_address(value: str) -> Any:
        return lambda obj: obj | {"spec": obj["spec"] | {"addresses": [{"type": "IPAddress", "value": value}]}}

    right = published.mesh.get(ONE, kind, "istio-eastwest", name)["spec"]["addresses"][0]["value"]
    caller = published.pod(ONE, "client-in-ambient")
    published.scale(ONE, "in-ambient", 0)
    published.change(ONE, kind, name, with_address("198.18.9.9"), namespace="istio-eastwest")
    try:
        assert status_of(published.get(caller, f"{GLOBAL}/get")) == 503
    finally:
        published.change(ONE, kind, name, with_address(right), namespace="istio-eastwest")
    assert published.served_by(caller, f"{GLOBAL}/get", 3) == {TWO: 3}


def test_requests_in_flight_end_well_though_their_pod_goes(published: Calling) -> None:
    caller, serving = published.pod(ONE, "client-in-ambient"), published.pod(ONE, "in-ambient")

    async def slowly() -> Outcome:
        return await published.plane.request(caller, Request(f"{GLOBAL}/delay/1"))

    answering = asyncio.run_coroutine_threadsafe(slowly(), published.mesh.loop)
    until(lambda: published.mesh.call(lambda: _in_flight(published)) == 1, "the request has arrived")
    published.scale(ONE, "in-ambient", 0)
    assert not answering.done()
    assert published.served_by(caller, f"{GLOBAL}/get", 3) == {TWO: 3}
    assert isinstance(published.get(serving, f"{GLOBAL}/get"), Answer), "to finish, it may have to ask others"
    answer = answering.result(10)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.header("x-served-by-cluster")) == (200, ONE)
    until(lambda: published.mesh.call(lambda: serving not in published.plane._serving), "it has ended")
    with pytest.raises(LookupError):
        published.get(serving, f"{GLOBAL}/get")


def _in_flight(calling: Calling) -> int:
    return sum(each._in_flight for each in calling.plane._servers._running.values())


def test_an_envoy_that_dies_is_replaced(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    assert status_of(published.get(caller, f"{GLOBAL}/get")) == 200
    before = published.plane.pids[ONE]
    os.kill(before, signal.SIGKILL)
    until(lambda: published.plane.pids[ONE] != before, "a new Envoy runs")
    published.settle()
    assert status_of(published.get(caller, f"{GLOBAL}/get")) == 200


def test_no_header_of_the_caller_changes_where_a_request_goes(published: Calling) -> None:
    published.withdraw("in-ambient", TWO)
    caller = published.pod(ONE, "client-in-ambient")
    target = published.resolve(caller, HOST, 8000)
    assert isinstance(target, Target)
    marks = dict(target.headers)
    forged = (
        ("Host", "productpage.bookinfo.mesh.internal:9080"),
        ("x-served-by-cluster", TWO),
        ("X-Forwarded-Host", "elsewhere"),
        *((name.upper(), "elsewhere/80") for name in marks),
    )
    answer = published.get(caller, f"{GLOBAL}/headers", headers=forged)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.header("x-served-by-cluster")) == (200, ONE)
    shown = answer.body.decode().lower()
    assert "productpage.bookinfo.mesh.internal:9080" in shown, "an application sees the Host that was sent"
    assert not [name for name in marks if name in shown], "what leads the way is nobody's business"
    assert "elsewhere/80" not in shown


def test_who_was_not_told_the_way_finds_nothing_behind_an_envoy(published: Calling) -> None:
    target = published.resolve(published.pod(ONE, "client-in-ambient"), HOST, 8000)
    assert isinstance(target, Target)
    with socket.create_connection(target.connect, 5) as plain:
        plain.settimeout(5)
        plain.sendall(f"GET /get HTTP/1.1\r\nHost: {HOST}:8000\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: plain.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"served-by" not in said


def test_two_sandboxes_have_different_marks(published: Calling) -> None:
    names = [name for name, _ in _headers(published)]
    assert len(set(names)) == 2
    assert all(len(name.removeprefix("x-sandbox-")) == 32 for name in names)


def _headers(calling: Calling) -> tuple[tuple[str, str], ...]:
    target = calling.resolve(calling.pod(ONE, "client-in-ambient"), HOST, 8000)
    assert isinstance(target, Target)
    return target.headers


@pytest.mark.parametrize("path", ["/get\r\nX-Smuggled: 1", "/get HTTP/1.1", "/\x00"])
def test_control_characters_and_spaces_make_no_request(published: Calling, path: str) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    with pytest.raises(ValueError, match="no spaces or control characters"):
        published.get(caller, GLOBAL + path)


def test_line_ends_in_headers_make_no_request(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    with pytest.raises(ValueError, match="header"):
        published.get(caller, f"{GLOBAL}/get", headers=(("X-A", "1\r\nX-Smuggled: 1"),))


def test_the_answers_of_applications_are_not_tried_again(published: Calling) -> None:
    """A 503 of an application is an answer; the mesh would not repeat it, so neither does Envoy here."""
    caller = published.pod(ONE, "client-in-ambient")
    answer = published.get(caller, f"{GLOBAL}/status/503")
    assert isinstance(answer, Answer)
    assert (answer.status, answer.header("x-served-by-cluster")) == (503, ONE)


def test_the_paths_of_httpbin(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    local = "http://in-ambient:8000"
    assert status_of(published.get(caller, f"{local}/status/418")) == 418
    assert status_of(published.get(caller, f"{local}/status/99")) == 400
    assert status_of(published.get(caller, f"{local}/delay/11")) == 400
    assert status_of(published.get(caller, f"{local}/nowhere")) == 404
    name = published.get(caller, f"{local}/hostname")
    assert isinstance(name, Answer)
    assert published.pod(ONE, "in-ambient").pod in name.body.decode()
    told = published.get(caller, f"{local}/anything/a?b=1&b=2", method="POST", body=b"abc", headers=(("X-One", "1"),))
    assert isinstance(told, Answer)
    assert all(each in told.body.decode() for each in ('"abc"', '"POST"', "/anything/a?b=1&b=2", "X-One"))


def test_a_broken_connection_is_told_as_such(published: Calling) -> None:
    caller = published.pod(ONE, "client-in-ambient")
    published.scale(TWO, "in-ambient", 0)

    async def send() -> Outcome:
        return await published.plane.request(caller, Request(f"{GLOBAL}/delay/5", method="POST", body=b"x"))

    calling = asyncio.run_coroutine_threadsafe(send(), published.mesh.loop)
    until(lambda: published.mesh.call(lambda: _in_flight(published)) == 1, "the request has arrived")
    os.kill(published.plane.pids[ONE], signal.SIGKILL)
    assert isinstance(calling.result(10), Reset)
    until(lambda: isinstance(published.get(caller, "http://in-ambient:8000/get"), Answer), "a new Envoy serves")
