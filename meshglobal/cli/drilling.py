"""`drill failover` from its options to the exit code: read, predict, ask, run, show."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from meshglobal.cli.drill_options import calling_of, named, order_of, times_of
from meshglobal.cli.options import FleetOptions, NamespaceOption, Output, OutputOptions
from meshglobal.cli.session import Session, session
from meshglobal.domain.errors import InterruptedRunError, RefusedError, UsageError

if TYPE_CHECKING:
    from meshglobal.app.drill_order import DrillPlan, Say, Tools
    from meshglobal.app.drill_source import Line
    from meshglobal.cli.commands.drill import CallerOptions, DrillOptions, ForceOptions
    from meshglobal.domain.drill_report import Drill
    from meshglobal.domain.known import Document

_START = 120.0  # seconds for the caller to start, beside everything else


def run_failover(
    shared: tuple[FleetOptions, NamespaceOption, OutputOptions],
    options: tuple[DrillOptions, ForceOptions, CallerOptions],
    targets: Sequence[str],
    leave: Callable[[Document], None],
) -> int:
    """Run it; ``leave`` writes the reports."""
    from meshglobal.app.drill_planning import plan_drill, read_for_drill, view_named
    from meshglobal.app.drill_source import line_for

    (fleet, select, output), (what, force, caller) = shared, options
    name = named(targets)
    if not what.cluster:
        raise UsageError("whose copy shall be taken away?", "name one of the selected clusters: --cluster CONTEXT")
    with session(_lasting(fleet, what), output) as run:
        order = order_of((run.namespace(select.namespace), name), what, force)
        calling = calling_of(caller, order.key.namespace)
        with run.progress("reading") as on_cluster:
            picture = read_for_drill(run.fleet, run.mesh, order, on_cluster)
        line = line_for(run.fleet, picture, view_named(picture, order.context), order.key, calling)
        plan = plan_drill(run.mesh, order, picture, line.plan)
        drill = _carried_out(run, plan, line, fleet, what)
        leave(drill)
        return _shown(drill, run, output.output)


def _lasting(fleet: FleetOptions, what: DrillOptions) -> FleetOptions:
    """The options with time for the whole drill, beside that for reading."""
    from meshglobal.settings import seconds

    return replace(fleet, timeout=f"{seconds(fleet.timeout, '--timeout') + times_of(what).most + _START:g}s")


def _carried_out(run: Session, plan: DrillPlan, line: Line, fleet: FleetOptions, what: DrillOptions) -> Drill:
    """The drill, or the plan where something speaks against it, or where only that is wanted."""
    import msgspec

    from meshglobal.app.drill_running import run_drill
    from meshglobal.cli.unbroken import interruptible
    from meshglobal.render.drill import show_plan

    show_plan(plan.draft, run.err)
    if plan.draft.refusals or what.dry_run:
        return msgspec.structs.replace(plan.draft, is_dry_run=what.dry_run)
    _agree(plan, what)
    with interruptible():
        return run_drill(plan, _tools(run, plan, line, fleet))


def _agree(plan: DrillPlan, what: DrillOptions) -> None:
    """Ask.

    Raises:
        RefusedError: nobody can be asked, or the answer was no.
    """
    if what.yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("a drill needs consent, and there is no terminal to ask on", "run again with --yes")
    sys.stderr.write(f"take {plan.order.key} in {plan.order.context} away for {plan.order.times.away:g}s? [y/N] ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
        raise InterruptedRunError("no answer: nothing was changed")
    if answer.strip().lower() not in ("y", "yes"):
        raise RefusedError("not agreed to: nothing was changed")


def _tools(run: Session, plan: DrillPlan, line: Line, fleet: FleetOptions) -> Tools:
    from meshglobal.app.drill_order import Tools, Who
    from meshglobal.app.drill_source import begun
    from meshglobal.cli.unbroken import unbroken
    from meshglobal.files.drill_journal import FileJournals
    from meshglobal.settings import drills_folder

    if run.hands is None or run.callers is None:
        raise UsageError("a drill needs clusters that can be changed")
    callers, say = run.callers, safely(run.err.print)
    return Tools(
        fleet=run.fleet,
        hands=run.hands,
        journals=FileJournals(drills_folder(os.environ)),
        clock=run.clock,
        who=Who(_whoever(), kubeconfig_of(fleet)),
        call=lambda: begun(callers, line, run.clock, plan.order.times.most),
        unbroken=lambda: unbroken(say),
        say=say,
    )


def safely(say: Say) -> Say:
    """The same, but for a terminal that is gone: putting back must not stop for that."""

    def said(text: str) -> None:
        with suppress(OSError):
            say(text)

    return said


def _whoever() -> str:
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in many containers
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def kubeconfig_of(fleet: FleetOptions) -> str | None:
    """The files that the contexts are read from, as paths that mean the same from everywhere."""
    named_files = fleet.kubeconfig or os.environ.get("KUBECONFIG")
    if not named_files:
        return None
    return os.pathsep.join(os.path.abspath(one) for one in named_files.split(os.pathsep) if one)  # noqa: PTH100 - without following links


def _shown(drill: Drill, run: Session, output: Output) -> int:
    from meshglobal.render.documents import write_document
    from meshglobal.render.drill import show_drill, show_refusals, show_unrestored
    from meshglobal.render.report import show_clusters, show_findings

    loud = replace(run.err, quiet=False)
    show_refusals(drill, loud)
    match output:
        case Output.JSON | Output.YAML:
            write_document(drill, output.value, sys.stdout)
        case Output.NAME:
            run.out.print(f"service/{drill.service}")
        case _:
            show_drill(drill, run.out)
    show_findings(drill.findings, run.err)
    show_clusters(drill.clusters, run.err)
    show_unrestored(drill.restored, loud)
    for one in drill.remains:
        run.err.print(f"stays behind: {one}")
    return drill.exit_code
