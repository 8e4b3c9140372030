"""`sandbox up`: start a mesh, in the foreground or behind it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Name, Scenario, SwitchAnswers, WithTraffic
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.place import Place
    from meshglobal.sandbox.runtime.running import Running
    from meshglobal.sandbox.runtime.shape import Shape

_DEFAULT = "default"


def up(
    *,
    clusters: Annotated[
        int | None,
        typer.Option(
            "--clusters",
            metavar="N",
            help="How many: cluster1 to clusterN. Default: 2; 4 with httpbin-segments.",
            show_default=False,
        ),
    ] = None,
    scenario: Scenario = "bookinfo",
    name: Name = _DEFAULT,
    detach: Annotated[bool, typer.Option("--detach", help="Return when all is ready, and leave it running.")] = False,
    switch: SwitchAnswers = None,
    traffic: WithTraffic = None,
) -> int:
    """Start a mesh of N clusters on loopback. Prints what to export; in the foreground, Ctrl-C ends it.

    For your shell: eval "$(meshglobal sandbox up --detach)"
    """
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import find
    from meshglobal.sandbox.runtime.shape import asked_shape

    place = place_of(name, os.environ)
    shape = asked_shape(clusters, scenario, switch or (), has_traffic=traffic)
    if running := find(place):
        return _already(place, running, shape)
    if detach:
        from meshglobal.sandbox.runtime.launching import launch

        _say(place, launch(place, shape), f"end it: meshglobal sandbox down{_named(name)}")
        return ExitCode.OK
    return _in_foreground(place, shape)


def _already(place: Place, running: Running, wanted: Shape) -> int:
    from meshglobal.sandbox.runtime.errors import AskedWrongError

    if running.shape != wanted:
        raise AskedWrongError(
            f"sandbox {running.name} is running with another shape: {running.shape}, not {wanted}",
            f"end it first: meshglobal sandbox down{_named(running.name)}, or start another: --name OTHER",
        )
    _say(place, running, f"it was running already, since {running.since}")
    return ExitCode.OK


def _in_foreground(place: Place, shape: Shape) -> int:
    import signal

    from meshglobal.sandbox.runtime.serve import serve

    end = serve(place, shape, lambda running: _say(place, running, "Ctrl-C ends it"))
    sys.stderr.write(f"\nsandbox {place.name} ended; its files are gone\n")
    return ExitCode.INTERRUPTED if end is signal.SIGINT else ExitCode.OK


def _say(place: Place, running: Running, remark: str) -> None:
    """What to export goes to stdout, for `eval`; the rest is for people."""
    from meshglobal.sandbox.runtime.exports import exports

    sys.stderr.write(f"sandbox {running.name} is ready: {running.shape}; {remark}\n")
    if running.no_traffic:
        sys.stderr.write(f"it runs without traffic: {running.no_traffic}\n")
    sys.stdout.write(exports(place, running))
    sys.stdout.flush()


def _named(name: str) -> str:
    return "" if name == _DEFAULT else f" --name {name}"
