"""`sandbox demo`, httpbin in segments: the guide's Option 2, from one host for all to one for each segment."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.cli.commands.sandbox.demo_stage import SERVICE_ENTRIES, head, typed
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.cli.commands.sandbox.demo_stage import Stage

BEGINNING = "Four clusters, httpbin in each; all know the Segments dev and prod"
_SERVICE = ("svc", "in-ambient", "-n", "httpbin")
_CALL = ("call", *_SERVICE, "--path", "/get", "--count", "10")
_OLD, _PROD, _LOCAL = (f"in-ambient.httpbin.{each}" for each in ("mesh.internal", "prod.mesh", "svc.cluster.local"))


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and the exit code that belongs to what the step shows."""

    heading: str
    command: tuple[str, ...]
    ends: int = ExitCode.OK

    def show(self, stage: Stage) -> int:
        """Show it: 0 if it ended as it must. Without Envoys, calls are left out."""
        if self.command[0] == "call" and not stage.running.envoys:
            sys.stdout.write(f"== {self.heading}: left out, as there is no traffic: {stage.running.no_traffic}\n\n")
            return ExitCode.OK
        remark = f" (exit code {int(self.ends)})" if self.ends else ""
        head(f"{self.heading}{remark}", typed(self.command))
        code = stage.run(self.command)
        return ExitCode.OK if code == self.ends else code or ExitCode.FINDINGS


def _entries(stage: Stage) -> int:
    """Show the entries of one cluster of each segment."""
    listed = "serviceentry -n istio-system"
    stage.show("Step 2: the entries, in a cluster of each segment", listed, SERVICE_ENTRIES, ("cluster1", "cluster3"))
    return ExitCode.OK


_STEPS: tuple[Callable[[Stage], int], ...] = (
    Step("Before: no cluster is in a segment of its own", ("segment", "list")).show,
    Step(
        "Steps 1, 3 and 5: make in-ambient global in all clusters, and use every copy of it",
        ("expose", *_SERVICE, "--traffic-distribution", "Any"),
    ).show,
    Step("Who answers? Ten requests from each cluster, to one host for all", _CALL).show,
    Step("cluster1 and cluster2 join dev", ("segment", "assign", "dev", "--context", "cluster1,cluster2", "-y")).show,
    Step("cluster3 and cluster4 join prod", ("segment", "assign", "prod", "--context", "cluster3,cluster4", "-y")).show,
    Step("Now there are two segments", ("segment", "list")).show,
    _entries,
    Step(
        "The host that everybody had is replaced: nobody resolves it now",
        (*_CALL, "--host", _OLD, "--context", "cluster1,cluster3"),
        ExitCode.FINDINGS,
    ).show,
    Step("Each segment has a host of its own, answered by its clusters alone", _CALL).show,
    Step("Scope global reaches across: all may call the host of prod", (*_CALL, "--host", _PROD)).show,
    Step(
        "Step 1, the other scope: from now on for the own segment alone",
        ("expose", *_SERVICE, "--scope", "segment", "--overwrite", "-y"),
    ).show,
    _entries,
    Step(
        "Scope segment does not reach across: prod answers, callers in dev do not even resolve the name",
        (*_CALL, "--host", _PROD, "--context", "cluster1,cluster3"),
        ExitCode.FINDINGS,
    ).show,
    Step("Inside each segment nothing has changed", _CALL).show,
    Step(
        "Step 4: let the ordinary name lead to all of the segment, too",
        ("expose", *_SERVICE, "--scope", "segment", "--takeover", "-y"),
    ).show,
    Step("So callers need not learn a new name", (*_CALL, "--host", _LOCAL)).show,
    Step("In the end", ("list", "-n", "httpbin")).show,
)


def show_segments(stage: Stage) -> int:
    """Go through the example; the first step that does not end as it must ends it."""
    return next((code for step in _STEPS if (code := step(stage))), ExitCode.OK)
