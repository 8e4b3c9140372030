"""The queue: each item at most once, never twice at a time, failures again after a growing pause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from meshglobal.sandbox.controlplane.workqueue import FIRST_PAUSE, WorkQueue

Scene = Callable[[WorkQueue[str]], Coroutine[None, None, None]]


def play(scene: Scene) -> None:
    """Run a scene with a queue of its own, for a second at most."""

    async def whole() -> None:
        async with asyncio.timeout(1):
            await scene(WorkQueue())

    asyncio.run(whole())


def test_an_item_that_waits_is_not_queued_twice() -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        for item in ("a", "b", "a"):
            queue.add(item)
        assert [await queue.get(), await queue.get()] == ["a", "b"]
        queue.done("a")
        queue.done("b")
        await queue.idle()

    play(scene)


def test_an_item_that_comes_again_while_busy_waits_until_it_is_done() -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        queue.add("a")
        assert await queue.get() == "a"
        queue.add("a")
        queue.add("b")
        assert await queue.get() == "b"
        queue.done("a")
        assert await queue.get() == "a"
        assert not queue.is_idle

    play(scene)


def test_a_failed_item_comes_back_after_a_pause_that_doubles() -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        loop = asyncio.get_running_loop()
        queue.add("a")
        await queue.get()
        for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE):
            failed_at = loop.time()
            queue.failed("a")
            assert not queue.is_idle
            assert await queue.get() == "a"
            assert loop.time() - failed_at >= pause * 0.9

    play(scene)


def test_news_about_a_failed_item_does_not_wait_for_the_pause() -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        for _ in range(12):
            queue.add("a")
            await queue.get()
            queue.failed("a")
        queue.add("a")
        assert await queue.get() == "a"
        queue.done("a")
        await queue.idle()

    play(scene)


@pytest.mark.parametrize("items", [[], ["a"]])
def test_after_the_stop_there_is_nothing_to_get(items: list[str]) -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        for item in items:
            queue.add(item)
        queue.stop()
        queue.add("late")
        assert await queue.get() is None

    play(scene)


def test_the_stop_wakes_who_waits() -> None:
    async def scene(queue: WorkQueue[str]) -> None:
        waiting = asyncio.ensure_future(queue.get())
        await asyncio.sleep(0)
        queue.stop()
        assert await waiting is None

    play(scene)
