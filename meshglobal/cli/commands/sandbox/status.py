"""`sandbox status`: what runs."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from meshglobal.cli.commands.sandbox.choices import Name
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.place import Place
    from meshglobal.sandbox.runtime.running import Running


class Format(StrEnum):
    """``-o``."""

    TABLE = "table"
    JSON = "json"


def status(
    *,
    name: Name = "default",
    output: Annotated[Format, typer.Option("-o", "--output", help="Format of the result on stdout.")] = Format.TABLE,
) -> int:
    """Say whether a sandbox is running, where, and how much is in it. Ends with 0 if it is, 3 if it is not."""
    from meshglobal.sandbox.runtime.errors import NotRunningError
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import get

    place = place_of(name, os.environ)
    try:
        running = get(place, os.environ)
    except NotRunningError as none:
        _write({"name": name, "isRunning": False}) if output is Format.JSON else sys.stdout.write(f"{none}\n")
        sys.stderr.write(f"hint: {none.hint}\n")
        return ExitCode.CANNOT_CHECK
    _write(_document(place, running)) if output is Format.JSON else sys.stdout.write(_table(place, running))
    return ExitCode.OK


def _write(document: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def _document(place: Place, running: Running) -> dict[str, Any]:
    from meshglobal.sandbox.breaking.journal import journal_of
    from meshglobal.sandbox.runtime.census import census

    counts, journal = census(place.kubeconfig), journal_of(place)
    clusters = [{"context": each.name, "url": each.url, "counts": counts[each.name]} for each in running.clusters]
    return {
        "name": running.name,
        "isRunning": True,
        "pid": running.process.pid,
        "since": running.since,
        "scenario": running.shape.scenario,
        "switches": list(running.shape.switches),
        "traffic": {"isOn": running.envoys > 0, "envoys": running.envoys, "whyNot": _why_not(running)},
        "broken": journal.code if journal is not None else None,
        "kubeconfig": str(place.kubeconfig),
        "usersKubeconfig": str(place.users_kubeconfig),
        "clusters": clusters,
    }


def _table(place: Place, running: Running) -> str:
    from meshglobal.sandbox.breaking.journal import journal_of
    from meshglobal.sandbox.runtime.census import COUNTED, census
    from meshglobal.sandbox.runtime.columns import aligned

    journal = journal_of(place)
    about = [
        ["Sandbox", running.name],
        ["Process", str(running.process.pid)],
        ["Since", running.since],
        ["Scenario", running.shape.scenario],
        *([["Switches", ", ".join(running.shape.switches)]] if running.shape.switches else []),
        ["Traffic", f"on, through {_envoys(running.envoys)}" if running.envoys else f"off: {_why_not(running)}"],
        *([["Broken", f"{journal.code} is set up"]] if journal is not None else []),
        ["Kubeconfig", str(place.kubeconfig)],
    ]
    counts = census(place.kubeconfig)
    rows = [
        [each.name, each.url, *("?" if number is None else str(number) for number in counts[each.name].values())]
        for each in running.clusters
    ]
    return aligned(about) + "\n" + aligned([["CONTEXT", "URL", *(word.upper() for word in COUNTED)], *rows])


def _envoys(count: int) -> str:
    return "1 Envoy" if count == 1 else f"{count} Envoys"


def _why_not(running: Running) -> str:
    """Why no requests travel; empty where they do."""
    if running.envoys:
        return ""
    return running.no_traffic or "not asked for (sandbox up --traffic)"
