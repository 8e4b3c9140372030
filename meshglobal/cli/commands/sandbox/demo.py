"""`sandbox demo`: the guide's Bookinfo example on a mesh of its own, from nothing to requests that fail over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.commands.sandbox.demo_traffic import show_traffic
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.place import Place
    from meshglobal.sandbox.runtime.running import Running

_KEPT_NAME = "demo"
_SERVICES = "/api/v1/namespaces/bookinfo/services"
_ENTRIES = "/apis/networking.istio.io/v1/namespaces/istio-system/serviceentries"
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Steps 1 and 2: make productpage global in both clusters, and use every copy of it",
        ("expose", "svc", "productpage", "-n", "bookinfo", "--traffic-distribution", "Any"),
    ),
    ("What is global now", ("list", "-n", "bookinfo")),
    ("Step 3: is the global host there, in every cluster?", ("verify", "-n", "bookinfo")),
)


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the sandbox running, under the name demo.")] = False,
) -> int:
    """Show the vendor's Bookinfo example, and a way in from outside, on two clusters that live as long as the demo."""
    with _sandbox(keep=keep) as (place, running), _exported(place, running):
        _show("Before: four services in each, none of them global", "service -n bookinfo", _SERVICES, place, running)
        for heading, command in _STEPS:
            _head(heading, "meshglobal " + " ".join(command))
            if code := _run(command):
                return code
        _show("The entries that were generated", "serviceentry -n istio-system", _ENTRIES, place, running)
        if running.envoys:
            return show_traffic(place, _run, _head)
    sys.stdout.write(f"== Steps 4 and 5 send requests: left out, as there is no traffic: {running.no_traffic}\n")
    return ExitCode.OK


@contextmanager
def _sandbox(*, keep: bool) -> Iterator[tuple[Place, Running]]:
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
    _head("Two clusters, Bookinfo in each", f"meshglobal sandbox up --detach{named}")
    life, mine = os.pipe()
    try:
        running = launch(place, asked_shape(2, "bookinfo"), None if keep else life)
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


def _run(command: tuple[str, ...]) -> int:
    from meshglobal.cli.main import build
    from meshglobal.cli.run import run

    code = run(build(), command, "meshglobal", os.environ)
    sys.stdout.write("\n")
    return code


def _head(text: str, *commands: str) -> None:
    sys.stdout.write((f"== {text}\n" if text else "") + "".join(f"$ {each}\n" for each in commands))
    sys.stdout.flush()


def _show(heading: str, asked: str, path: str, place: Place, running: Running) -> None:
    """Show a list of every cluster as kubectl prints it; kubectl itself need not be installed."""
    from meshglobal.sandbox.runtime.client import TABLE, clients
    from meshglobal.sandbox.runtime.columns import listing

    _head(heading)
    for client, cluster in zip(clients(place.kubeconfig), running.clusters, strict=True):
        table = listing(client.get(path, TABLE))
        client.close()
        sys.stdout.write(f"$ kubectl get {asked} --context {cluster.name}\n{table}\n")


def _clusters_of(place: Place, running: Running) -> str:
    from meshglobal.sandbox.runtime.columns import aligned
    from meshglobal.sandbox.runtime.exports import exports

    return f"{exports(place, running)}\n{aligned([['CONTEXT', 'URL'], *([c.name, c.url] for c in running.clusters)])}\n"
