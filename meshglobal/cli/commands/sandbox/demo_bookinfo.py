"""`sandbox demo`, Bookinfo: the guide's Option 1, from nothing to requests that fail over."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from meshglobal.cli.commands.sandbox.demo_stage import SERVICE_ENTRIES, head, typed
from meshglobal.cli.commands.sandbox.demo_traffic import show_traffic
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.cli.commands.sandbox.demo_stage import Stage

BEGINNING = "Two clusters, Bookinfo in each"
_SERVICES = "/api/v1/namespaces/bookinfo/services"
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Steps 1 and 2: make productpage global in both clusters, and use every copy of it",
        ("expose", "svc", "productpage", "-n", "bookinfo", "--traffic-distribution", "Any"),
    ),
    ("What is global now", ("list", "-n", "bookinfo")),
    ("Step 3: is the global host there, in every cluster?", ("verify", "-n", "bookinfo")),
)


def show_bookinfo(stage: Stage) -> int:
    """Go through the example; the first exit code that is not 0 ends it."""
    stage.show("Before: four services in each, none of them global", "service -n bookinfo", _SERVICES)
    for heading, command in _STEPS:
        head(heading, typed(command))
        if code := stage.run(command):
            return code
    stage.show("The entries that were generated", "serviceentry -n istio-system", SERVICE_ENTRIES)
    if stage.running.envoys:
        return show_traffic(stage.place, stage.run, head)
    why = stage.running.no_traffic
    sys.stdout.write(f"== Steps 4 and 5 send requests: left out, as there is no traffic: {why}\n")
    return ExitCode.OK
