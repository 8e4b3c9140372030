"""When the data plane acts, and what who waits for it sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from meshglobal.sandbox.dataplane.following import Following


def followed(act: Callable[[], Awaitable[None]], then: Callable[[Following], Awaitable[None]]) -> list[object]:
    """Follow nobody, do something meanwhile; what the loop was told of crashes."""
    crashes: list[object] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: crashes.append(told["exception"]))
        following = Following((), act)
        following.start()
        try:
            await asyncio.wait_for(then(following), 10)
        finally:
            await following.stop()

    asyncio.run(run())
    return crashes


def test_changes_that_come_together_are_acted_on_together() -> None:
    acted = 0

    async def act() -> None:
        nonlocal acted
        acted += 1

    async def then(following: Following) -> None:
        await following.settled()
        before = acted
        for _ in range(50):
            following.touch()
        await following.settled()
        assert acted == before + 1

    assert followed(act, then) == []


def test_nobody_waits_for_changes_that_came_after_the_call() -> None:
    async def act() -> None:
        await asyncio.sleep(0.001)

    async def restless(following: Following) -> None:
        while True:
            following.touch()
            await asyncio.sleep(0)

    async def then(following: Following) -> None:
        task = asyncio.create_task(restless(following))
        await following.settled()
        task.cancel()

    assert followed(act, then) == []


def test_never_two_at_a_time() -> None:
    is_acting, rounds = False, 0

    async def act() -> None:
        nonlocal is_acting, rounds
        assert not is_acting
        is_acting = True
        await asyncio.sleep(0.002)
        is_acting, rounds = False, rounds + 1

    async def then(following: Following) -> None:
        for _ in range(5):
            following.touch()
            await asyncio.sleep(0.001)
        await following.settled()

    assert followed(act, then) == []
    assert rounds >= 1


def test_a_crash_is_told_to_the_loop_and_to_who_waits() -> None:
    async def act() -> None:
        raise ZeroDivisionError

    async def then(following: Following) -> None:
        with pytest.raises(ZeroDivisionError):
            await following.settled()

    (crash,) = followed(act, then)
    assert isinstance(crash, ZeroDivisionError)
