"""Clients that do not keep to the protocol are told so and cut off; the cluster goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlencode

import aiohttp
import loop_thread
import pytest
from yarl import URL

from meshglobal.sandbox.containers.runtime import MOST_PROGRAMS
from tests.sandbox.containers.conftest import Pods

Clients = Callable[[Coroutine[Any, Any, Any]], Any]
V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
Query = list[tuple[str, str]]


@pytest.fixture(scope="module")
def clients() -> Iterator[Clients]:
    """Runs clients in a loop that lives on, so that their connections can close in their own time."""
    with loop_thread.loop_thread("clients") as loop:
        yield partial(loop_thread.wait, loop)


def words(*command: str, **flags: str) -> Query:
    chosen = {"stdin": "true", "stdout": "true", "stderr": "true"} | flags
    return [*(("command", each) for each in command), *chosen.items()]


@asynccontextmanager
async def opened(
    pods: Pods, query: Query, *protocols: str, what: str = "exec", user: str = "admin"
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    headers = {"Authorization": f"Bearer {pods.served.cluster.tokens[user]}"}
    url = f"{pods.served.cluster.url}{pods.path}/{what}?{urlencode(query)}"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, protocols=protocols or (V5,), headers=headers, ssl=False, autoclose=False) as socket,
    ):
        yield socket


async def goodbye(socket: aiohttp.ClientWebSocketResponse) -> tuple[int | None, str]:
    """The code and the reason with which the server closes."""
    async with asyncio.timeout(10):
        while True:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.CLOSE:
                return message.data, message.extra or ""
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message


async def statuses(pods: Pods, query: Query, **how: Any) -> dict[str, Any]:
    """The Status on the error channel after a whole session."""
    async with opened(pods, query, **how) as socket, asyncio.timeout(10):
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY and message.data[0] == 3:
                found: dict[str, Any] = json.loads(message.data[1:])
                return found
    raise AssertionError("no Status came")


@pytest.mark.parametrize(
    ("message", "code", "reason"),
    [
        (b"\x09x", 1002, "there is no channel 9"),
        (b"\x01x", 1002, "channel 1 is not for clients to write to"),
        (b"\x03x", 1002, "channel 3 is not for clients to write to"),
        (b"\xff\x00\x00", 1002, "a message that ends a channel has two bytes"),
        (b"\xff\x63", 1002, "there is no channel 99"),
        (b"\x00" + b"x" * (1 << 21), 1009, ""),
    ],
)
def test_a_frame_that_means_nothing_ends_the_connection_with_a_reason(
    pods: Pods, clients: Clients, message: bytes, code: int, reason: str
) -> None:
    async def inside() -> tuple[int | None, str]:
        async with opened(pods, words("cat")) as socket:
            await socket.send_bytes(message)
            return await goodbye(socket)

    closed = clients(inside())
    assert closed[0] == code
    assert reason in closed[1]
    assert clients(statuses(pods, words("true")))["status"] == "Success"


def test_an_end_mark_means_nothing_in_the_fourth_version(pods: Pods, clients: Clients) -> None:
    async def inside() -> tuple[int | None, str]:
        async with opened(pods, words("cat"), V4) as socket:
            await socket.send_bytes(b"\xff\x00")
            return await goodbye(socket)

    assert clients(inside()) == (1002, "there is no channel 255")


def test_text_that_is_no_text_ends_the_connection(pods: Pods, clients: Clients) -> None:
    async def inside() -> tuple[int | None, str]:
        async with opened(pods, words("cat")) as socket:
            await socket._writer.send_frame(b"\x00\xff\xfe", aiohttp.WSMsgType.TEXT)
            return await goodbye(socket)

    assert clients(inside())[0] == 1007


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"\x80\x02\x00\x01\x00\x00\x00\x04\x00\x00\x00\x01", "version 2 is not spoken"),
        (b"\x80\x03\x00\x01\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\xff\xff", "headers cannot be read"),
        (b"\x80\x03\x00\x01\x00\x00\x00\x00", "a frame is cut off"),
        (b"\x00\x00\x00\x01\x00\xff\xff\xff", "too large"),
    ],
)
def test_a_tunnel_of_something_else_ends_with_a_reason(
    pods: Pods, clients: Clients, message: bytes, reason: str
) -> None:
    async def inside() -> tuple[int | None, str]:
        async with opened(pods, [], "SPDY/3.1+portforward.k8s.io", what="portforward") as socket:
            await socket.send_bytes(message)
            return await goodbye(socket)

    code, said = clients(inside())
    assert code == 1002
    assert reason in said


@pytest.mark.parametrize("words_of", ["command=echo&command=%ff%fe", "command=echo&command=%ED%A0%80", "command=%00"])
def test_words_that_are_no_text_end_no_server(pods: Pods, clients: Clients, words_of: str) -> None:
    async def inside() -> tuple[int | None, str]:
        headers = {"Authorization": f"Bearer {pods.served.cluster.tokens['admin']}"}
        url = URL(f"{pods.served.cluster.url}{pods.path}/exec?stdout=true&{words_of}", encoded=True)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, protocols=(V5,), headers=headers, ssl=False, autoclose=False) as socket,
        ):
            return await goodbye(socket)

    assert clients(inside())[0] == 1000


def test_empty_and_text_messages_are_taken(pods: Pods, clients: Clients) -> None:
    async def inside() -> bytes:
        got = b""
        async with opened(pods, words("cat"), V5, V4) as socket, asyncio.timeout(10):
            await socket.send_bytes(b"")
            await socket.send_bytes(b"\x04{}")
            await socket.send_str("\x00hello")
            await socket.send_bytes(b"\xff\x00")
            async for message in socket:
                got += message.data[1:] if message.data[0] == 1 else b""
        return got

    assert clients(inside()) == b"hello"


@pytest.mark.parametrize("command", [("sleep", "60"), ("cat",)])
def test_a_client_that_goes_in_the_middle_takes_its_program_along(
    pods: Pods, clients: Clients, command: tuple[str, ...]
) -> None:
    containers = pods.served.cluster.containers
    assert containers is not None

    async def inside() -> None:
        async with opened(pods, words(*command)) as socket:
            await socket.receive()
            assert pods.served.call(lambda: len(containers._tasks)) >= 1
            assert socket._conn is not None
            assert socket._conn.transport is not None
            socket._conn.transport.abort()

    clients(inside())
    pods.until(lambda: not pods.served.call(lambda: len(containers._tasks)))


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({}, "Upgrade request required"),
        ({"Upgrade": "SPDY/3.1", "Connection": "Upgrade"}, 'not "SPDY/3.1"'),
        ({"Upgrade": "websocket", "Connection": "Upgrade"}, "the client offers none"),
        ({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Protocol": "chat"}, "the client offers chat"),
        ({"Upgrade": "websocket", "Sec-WebSocket-Protocol": V5}, "handshake"),
        ({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Protocol": V5}, "handshake"),
    ],
)
def test_a_handshake_that_is_none_is_refused_with_a_status(
    pods: Pods, clients: Clients, headers: dict[str, str], says: str
) -> None:
    async def inside() -> tuple[int, Any]:
        url = f"{pods.served.cluster.url}{pods.path}/exec?{urlencode(words('true'))}"
        token = {"Authorization": f"Bearer {pods.served.cluster.tokens['admin']}"}
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers | token, ssl=False) as answer:
            return answer.status, await answer.json()

    status, body = clients(inside())
    assert (status, body["kind"]) == (400, "Status")
    assert says in body["message"]


@pytest.mark.parametrize(
    ("what", "query", "status"),
    [
        ("exec", [("stdout", "true")], 400),
        ("exec", [("command", ""), ("stdout", "true")], 400),
        ("exec", [("command", "true")], 400),
        ("exec", words("true", tty="true"), 400),
        ("exec", words("true", container="nosuch"), 400),
        ("exec", words(*["x"] * 2000), 400),
        ("attach", [("stdout", "true"), ("tty", "true")], 400),
        ("portforward", [], 400),
        ("portforward", [("ports", "x")], 400),
        ("portforward", [("ports", "70000")], 400),
        ("portforward", [("ports", "1" + "0" * 5000)], 400),
        ("portforward", [("ports", "\N{SUPERSCRIPT TWO}")], 400),
        ("portforward", [("ports", ",".join(map(str, range(1, 40))))], 400),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(
    pods: Pods, clients: Clients, what: str, query: Query, status: int
) -> None:
    async def inside() -> int:
        try:
            async with opened(pods, query, what=what):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status

    assert clients(inside()) == status


@pytest.mark.parametrize(
    ("verbs", "status"), [(["create", "get"], 101), (["get"], 403), (["create"], 403), (["list"], 403)]
)
def test_who_runs_programs_needs_the_rights_to_get_and_to_create(
    pods: Pods, clients: Clients, verbs: list[str], status: int
) -> None:
    user = f"user-{pods.namespace}"
    rules = [{"apiGroups": [""], "resources": ["pods/exec"], "verbs": verbs}]
    pods.served.call(lambda: pods.served.cluster.add_user(user, rules, pods.namespace))

    async def inside() -> int:
        try:
            async with opened(pods, words("true"), user=user):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status

    assert clients(inside()) == status


def test_more_programs_than_there_is_room_for_are_refused_and_room_comes_again(pods: Pods, clients: Clients) -> None:
    async def inside() -> int:
        async with AsyncExitStack() as stack:
            for _ in range(MOST_PROGRAMS):
                socket = await stack.enter_async_context(opened(pods, words("cat")))
                await socket.receive()
            try:
                async with opened(pods, words("true")):
                    return 101
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status

    assert clients(inside()) == 429
    containers = pods.served.cluster.containers
    assert containers is not None
    pods.until(lambda: not pods.served.call(lambda: containers.is_full))
    assert clients(statuses(pods, words("true")))["status"] == "Success"


def test_a_pod_that_goes_ends_what_runs_in_it(pods: Pods, clients: Clients) -> None:
    pods.make("short")

    async def inside() -> dict[str, Any]:
        query = words("sleep", "60")
        headers = {"Authorization": f"Bearer {pods.served.cluster.tokens['admin']}"}
        url = f"{pods.served.cluster.url}{pods.path.replace('ratings', 'short')}/exec?{urlencode(query)}"
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, protocols=(V5,), headers=headers, ssl=False) as socket,
            asyncio.timeout(10),
        ):
            await socket.receive()
            loop_thread.call(
                pods.served.loop, lambda: pods.served.cluster.client().delete("pods", pods.namespace, "short", grace=0)
            )
            async for message in socket:
                if message.data[0] == 3:
                    found: dict[str, Any] = json.loads(message.data[1:])
                    return found
        raise AssertionError("no Status came")

    ended = clients(inside())
    assert ended["details"]["causes"] == [{"reason": "ExitCode", "message": "137"}]
