"""An event loop in a thread of its own, for servers that tests with blocking clients talk to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")


def wait(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Result], seconds: float = 30) -> Result:
    """Run a coroutine in the loop and return what comes of it."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(seconds)


def call(loop: asyncio.AbstractEventLoop, function: Callable[[], Result]) -> Result:
    """Call a function where the loop's objects live."""

    async def inside() -> Result:
        return function()

    return wait(loop, inside())


@contextmanager
def loop_thread(name: str) -> Iterator[asyncio.AbstractEventLoop]:
    """A running loop; what is still at work in it at the end is cancelled."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        wait(loop, _cancel_the_rest())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
