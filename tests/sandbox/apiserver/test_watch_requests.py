from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.cluster import start_cluster
from meshglobal.sandbox.apiserver.exchange import Request, Response, WatchStream

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster

_SERVICES = "/api/v1/namespaces/default/services"


def _run(scenario: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(scenario, 20))


def _request(cluster: EmbeddedCluster, **query: str) -> Request:
    headers = {"authorization": f"Bearer {cluster.tokens['admin']}"}
    return Request("GET", _SERVICES, {"watch": "true", **query}, headers)


def _watch(cluster: EmbeddedCluster, **query: str) -> WatchStream:
    answer = cluster.api.handle(_request(cluster, **query))
    assert isinstance(answer, WatchStream)
    return answer


async def _events(stream: WatchStream, count: int) -> list[tuple[str, str]]:
    found = []
    async for line in stream.lines:
        event = json.loads(line)
        found.append((event["type"], event["object"]["metadata"].get("name", "")))
        if len(found) == count:
            break
    stream.close()
    return found


def _service(name: str, **labels: str) -> dict[str, Any]:
    meta = {"name": name, "namespace": "default", "labels": labels}
    return {"metadata": meta, "spec": {"ports": [{"port": 80}]}}


def test_nothing_is_lost_or_told_twice_between_the_present_and_what_happens() -> None:
    async def scenario() -> list[tuple[str, str]]:
        cluster = await start_cluster("c", has_controllers=False)
        client = cluster.client()
        client.create("services", _service("before"))
        stream = _watch(cluster)
        client.create("services", _service("after"))
        client.delete("services", "default", "before")
        events = await _events(stream, 3)
        await cluster.stop()
        return events

    assert _run(scenario()) == [("ADDED", "before"), ("ADDED", "after"), ("DELETED", "before")]


def test_a_selector_turns_changes_into_coming_and_going() -> None:
    async def scenario() -> list[tuple[str, str]]:
        cluster = await start_cluster("c", has_controllers=False)
        client = cluster.client()
        stream = _watch(cluster, labelSelector="scope=global")
        made = client.create("services", _service("s"))
        for scope in ("global", "cluster"):
            meta = made["metadata"] | {"labels": {"scope": scope}}
            made = client.replace("services", made | {"metadata": meta})
        events = await _events(stream, 2)
        await cluster.stop()
        return events

    assert _run(scenario()) == [("ADDED", "s"), ("DELETED", "s")]


def test_a_watch_ends_at_its_timeout_and_hears_nothing_more() -> None:
    async def scenario() -> tuple[list[bytes], int]:
        cluster = await start_cluster("c", has_controllers=False)
        stream = _watch(cluster, timeoutSeconds="1")
        lines = [line async for line in stream.lines]
        listeners = len(cluster.state.store._listeners["services"])
        await cluster.stop()
        return lines, listeners

    lines, listeners = _run(scenario())
    assert lines == []
    assert listeners == 1  # of the addresses


def test_a_streaming_list_marks_where_the_present_ends() -> None:
    async def scenario() -> list[dict[str, Any]]:
        cluster = await start_cluster("c", has_controllers=False)
        cluster.client().create("services", _service("s"))
        query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
        stream = _watch(cluster, **query)
        lines = [json.loads(await anext(aiter(stream.lines))) for _ in range(1)]
        async for line in stream.lines:
            lines.append(json.loads(line))
            break
        stream.close()
        await cluster.stop()
        return lines

    added, mark = _run(scenario())
    assert added["type"] == "ADDED"
    assert mark["type"] == "BOOKMARK"
    assert mark["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_forgotten_version_is_an_error_event_and_the_end() -> None:
    async def scenario() -> list[dict[str, Any]]:
        cluster = await start_cluster("c", has_controllers=False)
        cluster.compact()
        stream = _watch(cluster, resourceVersion="1")
        lines = [json.loads(line) async for line in stream.lines]
        await cluster.stop()
        return lines

    (event,) = _run(scenario())
    assert event["type"] == "ERROR"
    assert event["object"]["code"] == 410


def test_what_makes_no_sense_together_is_refused_at_once() -> None:
    async def scenario() -> Any:
        cluster = await start_cluster("c", has_controllers=False)
        answer = cluster.api.handle(_request(cluster, sendInitialEvents="true"))
        await cluster.stop()
        return answer

    answer = _run(scenario())
    assert isinstance(answer, Response)
    assert answer.status == 422
