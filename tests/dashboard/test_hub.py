"""What pages are told: differences between looks, one set of bytes for all, and merged ones for who is slow."""

from __future__ import annotations

import asyncio
import gc
import json
import tracemalloc
from collections.abc import AsyncGenerator
from typing import Any

import msgspec

from meshglobal.app.live import Look
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.dashboard.history import History
from meshglobal.dashboard.hub import Hub
from meshglobal.dashboard.shown import news, shown, shown_before
from meshglobal.domain.changes import Change, FindingChange, HostChange
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import ClusterReport, Summary
from meshglobal.domain.snapshot import MeshSnapshot
from meshglobal.domain.verdict import State

TIME = "2030-01-01T00:00:00Z"
NOTHING = picture_of(MeshSnapshot(()), MeshSettings())


def row(name: str, state: State = State.READY) -> GlobalService:
    return GlobalService(namespace="shop", name=name, cells=(Cell(context="one", state=state),))


def look(version: int, *rows: GlobalService, **more: Any) -> Look:
    inventory = Inventory(command="list", services=rows, summary=Summary(ready=len(rows)))
    return Look(version, NOTHING, inventory, **more)


def host_change(name: str, after: State = State.MISSING) -> HostChange:
    return HostChange(time=TIME, context="one", namespace="shop", service=name, host=f"{name}.shop", after=after)


def finding(code: str) -> Finding:
    return Finding(code=code, slug="a-slug", level=Level.ERROR, message="a sentence")


def told(before: Look, after: Look, *changes: Change) -> dict[str, Any]:
    return dict(news(shown(before), shown(after), changes))


def test_only_rows_that_differ_are_told_and_names_of_those_that_are_gone() -> None:
    same, before, gone = row("same"), row("web"), row("gone")
    now = row("web", State.MISSING)
    services = told(look(1, gone, same, before), look(2, same, now))["services"]
    assert (services.version, services.services, services.removed) == (2, (now,), ("shop/gone",))
    assert (services.clusters, services.summary.ready) == (None, 2)


def test_a_row_that_is_made_anew_and_says_the_same_is_no_news() -> None:
    assert told(look(1, row("web")), look(2, row("web"))) == {}


def test_clusters_are_told_where_they_changed() -> None:
    before = look(1)
    clusters = (ClusterReport(context="one", reached=False),)
    after = msgspec.structs.replace(before.inventory, clusters=clusters, exit_code=3)
    services = told(before, Look(2, NOTHING, after))["services"]
    assert (services.clusters, services.exit_code, services.services) == (clusters, 3, ())


def test_findings_are_told_once_and_not_within_the_check() -> None:
    before = look(1)
    events = told(before, look(2, findings=(finding("MG101"),)))
    assert set(events) == {"findings"}
    assert events["findings"].findings == (finding("MG101"),)


def test_before_anything_was_read_all_is_unknown() -> None:
    first = shown_before(["one", "two"])
    assert (first.inventory.exit_code, first.check.exit_code) == (3, 3)
    assert [(one.reached, one.unread[0].failure.message) for one in first.inventory.clusters] == [
        (False, "it has not been read yet")
    ] * 2
    assert [(one.context, one.reached, one.gateway) for one in first.check.members] == [
        ("one", False, "unknown"),
        ("two", False, "unknown"),
    ]


def test_of_each_host_and_finding_the_newest_change_is_kept_for_who_is_late() -> None:
    history = History()
    history.add(1, [host_change("early")])
    history.add(2, [host_change("web", State.MISSING), host_change("db")])
    came = FindingChange(time=TIME, present=True, finding=finding("MG101"))
    history.add(3, [host_change("web", State.READY), came])
    assert history.since(1) == [host_change("db"), host_change("web", State.READY), came]
    assert history.of(ServiceKey("shop", "web")) == (host_change("web", State.READY), host_change("web"))


def test_memory_is_flat_while_the_mesh_goes_on_changing() -> None:
    """An hour of changes, scaled down: the second half takes no more than the first has left behind."""

    async def scenario() -> tuple[int, int]:
        hub = Hub(shown_before(["one"]))
        stream = hub.frames()
        await next_of(stream)
        used = []
        for version in range(1, 2_501):
            state = State.MISSING if version % 2 else State.READY
            hub.take(look(version, row(f"web-{version % 20}", state)), [host_change(f"web-{version % 20}", state)])
            await anext(stream)
            if version in (1_250, 2_500):
                gc.collect()
                used.append(tracemalloc.get_traced_memory()[0])
        await stream.aclose()
        return used[0], used[1]

    tracemalloc.start()
    try:
        half, whole = asyncio.run(scenario())
    finally:
        tracemalloc.stop()
    assert whole - half < 100_000, (half, whole)


def test_the_history_has_a_bound() -> None:
    history = History()
    for number in range(20_000):
        history.add(number, [host_change(f"web-{number % 5_000}"), host_change("busy")])
    assert len(history.since(0)) <= 1_000
    assert sum(map(len, history._of.values())) == history._kept <= 5_000
    assert len(history.of(ServiceKey("shop", "busy"))) == 50


def events(frame: bytes) -> list[tuple[str, Any]]:
    found = []
    for part in frame.decode().split("\n\n")[:-1]:
        name, data = part.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


async def next_of(stream: AsyncGenerator[bytes, None]) -> bytes:
    async with asyncio.timeout(10):
        return await anext(stream)


def test_all_who_keep_up_get_the_same_bytes_and_who_does_not_gets_the_difference() -> None:
    async def scenario() -> None:
        hub = Hub(shown_before(["one"]))
        quick, other, slow = (hub.frames() for _ in range(3))
        for stream in (quick, other, slow):
            assert events(await next_of(stream)) == [("hello", {"version": 0})]
        hub.take(look(1, row("web")), [])
        first = await next_of(quick)
        assert first is await next_of(other)
        assert first is await next_of(slow)
        for version in range(2, 500):
            state = State.MISSING if version % 2 else State.READY
            hub.take(look(version, row("web", state), row(f"extra-{version}")), [host_change("web", state)])
            await next_of(quick)
        ((first_name, services), (second_name, change)) = events(await next_of(slow))
        assert (first_name, second_name) == ("services", "change")
        assert [one["name"] for one in services["services"]] == ["web", "extra-499"]
        assert (services["version"], services["removed"], change["change"]["after"]) == (499, [], "Missing")

    asyncio.run(scenario())


def test_every_stream_ends_with_a_word_even_one_that_waits() -> None:
    async def scenario() -> None:
        hub = Hub(shown_before(["one"]))
        streams = [hub.frames() for _ in range(3)]
        for stream in streams:
            await next_of(stream)
        assert hub.streams == 3
        waiting = [asyncio.ensure_future(next_of(stream)) for stream in streams]
        await asyncio.sleep(0)
        hub.end("it is over")
        assert [events(frame) for frame in await asyncio.gather(*waiting)] == [
            [("ended", {"message": "it is over"})]
        ] * 3
        for stream in streams:
            assert [frame async for frame in stream] == []
        assert hub.streams == 0

    asyncio.run(scenario())
