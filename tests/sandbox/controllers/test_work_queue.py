"""The work queue: each item once, failures again, bugs reported, nothing lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.controllers.work_queue import WorkQueue

if TYPE_CHECKING:
    from collections.abc import Coroutine


def run(story: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 10))


def test_an_item_that_waits_is_done_once() -> None:
    async def story() -> None:
        done: list[str] = []
        queue = WorkQueue[str](done.append)
        for item in ("a", "b", "a", "a"):
            queue.add(item)
        await queue.idle()
        assert done == ["a", "b"]

    run(story())


def test_an_item_added_by_its_own_work_is_done_again() -> None:
    async def story() -> None:
        done: list[int] = []

        def work(item: int) -> None:
            done.append(item)
            if item < 3:
                queue.add(item + 1)

        queue = WorkQueue[int](work)
        queue.add(1)
        await queue.idle()
        assert done == [1, 2, 3]

    run(story())


def test_a_refused_item_is_tried_again_until_it_succeeds() -> None:
    async def story() -> None:
        tries: list[str] = []
        succeeded = asyncio.Event()

        def work(item: str) -> None:
            tries.append(item)
            if len(tries) < 4:
                raise ApiError(409, "Conflict", "changed meanwhile")
            succeeded.set()

        queue = WorkQueue[str](work)
        queue.add("a")
        await succeeded.wait()
        assert tries == ["a"] * 4

    run(story())


def test_a_bug_is_reported_and_the_other_items_go_on() -> None:
    async def story() -> None:
        reported: list[BaseException] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["exception"]))
        done: list[str] = []

        def work(item: str) -> None:
            if item == "bad":
                raise KeyError(item)
            done.append(item)

        queue = WorkQueue[str](work)
        for item in ("first", "bad", "last"):
            queue.add(item)
        await queue.idle()
        assert done == ["first", "last"]
        assert [type(each) for each in reported] == [KeyError]

    run(story())


def test_an_item_comes_again_when_it_asked_for_it_and_not_after_a_stop() -> None:
    async def story() -> None:
        done: list[str] = []
        third = asyncio.Event()

        def work(item: str) -> float | None:
            done.append(item)
            if len(done) == 3:
                third.set()
            return 0.01

        queue = WorkQueue[str](work)
        queue.add("a")
        await third.wait()
        queue.stop()
        count = len(done)
        await asyncio.sleep(0.05)
        assert len(done) == count

    run(story())


def test_the_earliest_wish_for_later_counts() -> None:
    async def story() -> None:
        done = asyncio.Event()
        queue = WorkQueue[str](lambda _: done.set())
        queue.add_later("a", 60)
        queue.add_later("a", 0.01)
        queue.add_later("a", 60)
        await asyncio.wait_for(done.wait(), 5)
        queue.stop()

    run(story())


def test_a_lower_rank_comes_first_and_equal_ranks_in_order() -> None:
    async def story() -> None:
        done: list[tuple[int, str]] = []
        queue = WorkQueue[tuple[int, str]](done.append, rank=lambda item: item[0])
        for item in ((2, "a"), (1, "b"), (2, "c"), (0, "d"), (1, "e")):
            queue.add(item)
        await queue.idle()
        assert done == [(0, "d"), (1, "b"), (1, "e"), (2, "a"), (2, "c")]

    run(story())
