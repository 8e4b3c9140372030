"""`sandbox demo`: the guide's examples, each on a mesh of its own that lives as long as the demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.commands.sandbox import demo_bookinfo, demo_segments
from meshglobal.cli.commands.sandbox.demo_stage import Stage, head

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.place import Place
    from meshglobal.sandbox.runtime.running import Running

_KEPT_NAME = "demo"


class Example(StrEnum):
    """What the demo can show: the scenarios whose example it knows."""

    BOOKINFO = "bookinfo"
    SEGMENTS = "httpbin-segments"


_SHOWN = {
    Example.BOOKINFO: (demo_bookinfo.BEGINNING, demo_bookinfo.show_bookinfo),
    Example.SEGMENTS: (demo_segments.BEGINNING, demo_segments.show_segments),
}


def demo(
    *,
    scenario: Annotated[
        Example, typer.Option("--scenario", help="Option 1 with Bookinfo, or Option 2, segments, with httpbin.")
    ] = Example.BOOKINFO,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the sandbox running, under the name demo.")] = False,
) -> int:
    """Show an example of the vendor's guide, with real requests, on clusters that live as long as the demo."""
    _, show = _SHOWN[scenario]
    with _sandbox(scenario, keep=keep) as (place, running), _exported(place, running):
        return show(Stage(place, running))


@contextmanager
def _sandbox(scenario: Example, *, keep: bool) -> Iterator[tuple[Place, Running]]:
    """A mesh of the demo's own. Unless it is kept, it ends with this process, whatever becomes of that."""
    from meshglobal.sandbox.runtime.ending import bring_down
    from meshglobal.sandbox.runtime.errors import AskedWrongError
    from meshglobal.sandbox.runtime.launching import launch
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import find
    from meshglobal.sandbox.runtime.shape import asked_shape

    place = place_of(_KEPT_NAME if keep else f"{_KEPT_NAME}-{os.getpid()}", os.environ)
    if find(place):
        raise AskedWrongError("a kept demo is running", f"end it first: meshglobal sandbox down --name {place.name}")
    named = f" --name {place.name}" if keep else ""
    chosen = "" if scenario is Example.BOOKINFO else f" --scenario {scenario}"
    head(_SHOWN[scenario][0], f"meshglobal sandbox up --detach{chosen}{named}")
    life, mine = os.pipe()
    try:
        running = launch(place, asked_shape(None, scenario.value), None if keep else life)
        sys.stdout.write(_clusters_of(place, running))
        yield place, running
        if keep:
            sys.stderr.write(f"\nkept; end it: meshglobal sandbox down{named}\n")
    finally:
        if not keep:
            bring_down(place)
        os.close(mine)
        os.close(life)


@contextmanager
def _exported(place: Place, running: Running) -> Iterator[None]:
    """Give the commands the environment that a shell would export."""
    from meshglobal.sandbox.runtime.exports import settings

    before = dict(os.environ)
    os.environ.update(settings(place, running))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _clusters_of(place: Place, running: Running) -> str:
    from meshglobal.sandbox.runtime.columns import aligned
    from meshglobal.sandbox.runtime.exports import exports

    return f"{exports(place, running)}\n{aligned([['CONTEXT', 'URL'], *([c.name, c.url] for c in running.clusters)])}\n"
