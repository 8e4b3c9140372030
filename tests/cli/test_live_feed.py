"""Looks that come from a thread: the newest is kept, nothing that changed is lost, errors reach who takes them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from meshglobal.app.live import Look
from meshglobal.app.picture import MeshSettings, picture_of
from meshglobal.cli.live_feed import Feed
from meshglobal.domain.changes import HostChange
from meshglobal.domain.errors import NotFoundError
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.snapshot import MeshSnapshot

PICTURE = picture_of(MeshSnapshot(()), MeshSettings())


def look(version: int) -> Look:
    change = HostChange(time="", context=f"c{version}", namespace="n", service="s", host="h")
    return Look(version, PICTURE, Inventory(), changes=(change,))


def run(feed: Feed, ended: threading.Event) -> None:
    feed.start()
    while not feed.is_over:
        assert ended.wait(30)


def test_the_newest_look_comes_with_all_that_changed_since_the_last_one() -> None:
    woken = threading.Event()
    feed = Feed(lambda: [look(1), look(2), look(3)], woken.set)
    run(feed, woken)
    newest, changes = feed.take()
    assert newest is not None
    assert newest.version == 3
    assert [one.context for one in changes if isinstance(one, HostChange)] == ["c1", "c2", "c3"]
    assert feed.take() == (None, ())


def test_what_ends_the_looks_is_raised_where_they_are_taken() -> None:
    def looks() -> Iterator[Look]:
        yield look(1)
        raise NotFoundError("it is nowhere")

    woken = threading.Event()
    feed = Feed(looks, woken.set)
    run(feed, woken)
    with pytest.raises(NotFoundError, match="nowhere"):
        feed.take()
