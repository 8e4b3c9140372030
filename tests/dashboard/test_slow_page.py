"""A page that does not read holds up nobody, costs a bounded amount of memory, and in the end knows the present."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import loop_thread
import pytest
from pages import TOKEN, Page
from served_dashboard import Event, streamed

from meshglobal.app.live import Look
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.dashboard.api import Api
from meshglobal.dashboard.documents import About
from meshglobal.dashboard.guard import Guard, Hosts
from meshglobal.dashboard.hub import MOST_STREAMS, Hub
from meshglobal.dashboard.listener import Listener
from meshglobal.dashboard.place import bound
from meshglobal.dashboard.routes import Routes
from meshglobal.dashboard.shown import shown_before
from meshglobal.domain.changes import HostChange
from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.snapshot import MeshSnapshot
from meshglobal.domain.verdict import State
from meshglobal.render.metrics_server import Address

NOTHING = picture_of(MeshSnapshot(()), MeshSettings())
LOOKS, ROWS = 100, 200
ABOUT = About(
    version="0", source="clusters", taken_at=None, writes=False, protected_contexts=(), contexts=(), namespace=None,
    segment_visibility="mesh", started_at="",
)  # fmt: skip


def look(version: int) -> Look:
    """Every row differs from that of the look before: about 100 kB of news."""
    cell = Cell(context="one", state=State.MISSING, reason=f"{version} {'x' * 400}")
    rows = tuple(GlobalService(namespace="shop", name=f"web-{number}", cells=(cell,)) for number in range(ROWS))
    return Look(version, NOTHING, Inventory(services=rows))


def change(version: int) -> HostChange:
    return HostChange(time=str(version), context="one", namespace="shop", service="web-1", host="web-1.shop")


class Served:
    """A hub that is fed by the test."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.hub = loop_thread.call(loop, lambda: Hub(shown_before(["one"])))
        routes = Routes()
        Api(self.hub, ABOUT).add_to(routes)
        socket = bound(Address("127.0.0.1", 0))
        self.page = Page(int(socket.getsockname()[1]))
        self.listener = Listener(routes, Guard(Hosts("127.0.0.1", self.page.port), TOKEN))
        loop_thread.wait(loop, self.listener.start(socket))

    def take(self, version: int) -> None:
        loop_thread.call(self.loop, lambda: self.hub.take(look(version), [change(version)]))

    def unsent(self) -> int:
        """Bytes that wait for pages."""

        def count() -> int:
            assert self.listener._runner is not None
            assert self.listener._runner.server is not None
            transports = [one.transport for one in self.listener._runner.server.connections]
            return sum(one.get_write_buffer_size() for one in transports if one is not None)

        return loop_thread.call(self.loop, count)


@pytest.fixture
def served() -> Iterator[Served]:
    with loop_thread.loop_thread("hub") as loop:
        made = Served(loop)
        yield made
        loop_thread.wait(loop, made.listener.stop())


def is_last(event: Event) -> bool:
    return event.name == "services" and event.data["version"] == LOOKS


def test_a_page_that_does_not_read_gets_what_is_new_at_once_when_it_does(served: Served) -> None:
    waiting = []
    with streamed(served.page, receive_buffer=4096) as slow, streamed(served.page) as quick:
        for version in range(1, LOOKS + 1):
            served.take(version)
            quick.until(lambda one, now=version: one.name == "services" and one.data["version"] == now)
            waiting.append(served.unsent())
        told = []
        slow.until(lambda one: told.append(one) or is_last(one))
        last_change = slow.next()
    assert 0 < max(waiting) < 500_000, "of 10 MB of news no more is kept for it than a few looks"
    versions = [one.data["version"] for one in told if one.name == "services"]
    assert len(versions) < LOOKS * 3 / 4
    assert versions == sorted(versions)
    assert len(told[-1].data["services"]) == ROWS
    assert (last_change.name, last_change.data["change"]["time"]) == ("change", str(LOOKS))


def test_there_is_a_bound_on_streams_and_places_are_free_again(served: Served) -> None:
    async def taken() -> list[object]:
        streams = [served.hub.frames() for _ in range(MOST_STREAMS)]
        for stream in streams:
            await anext(stream)
        return list(streams)

    streams = loop_thread.wait(served.loop, taken())
    answer = served.page.ask("/api/v1/events")
    assert (answer.status, f"{MOST_STREAMS} pages" in answer.document["error"]["message"]) == (503, True)

    async def freed() -> None:
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined] # a generator

    loop_thread.wait(served.loop, freed())
    with streamed(served.page) as stream:
        assert stream.next().name == "hello"
