"""What `expose` and `unexpose` share: plan, show, ask, carry out, show."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meshglobal.cli.options import (
    DryRun,
    FleetOptions,
    Output,
    OutputOptions,
    ReportOptions,
    SelectOptions,
    WriteOptions,
)
from meshglobal.cli.session import Session, session
from meshglobal.domain.errors import InterruptedRunError, RefusedError

if TYPE_CHECKING:
    from meshglobal.app.exposing import Order, Plan
    from meshglobal.domain.plan import Step, StepResult
    from meshglobal.domain.planning import Intent
    from meshglobal.domain.report import Report
    from meshglobal.domain.targets import Targets


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command wants done. ``replaces``: differing values are replaced even without ``--overwrite``."""

    command: str
    targets: Targets | None
    intent: Intent
    asks: bool
    replaces: bool = False


def write_labels(
    wish: Wish,
    fleet: FleetOptions,
    select: SelectOptions,
    write: WriteOptions,
    output: OutputOptions,
    report_options: ReportOptions,
) -> int:
    """Run a wish from its plan to the exit code."""
    from meshglobal.app.exposing import carry_out, make_plan
    from meshglobal.cli.reports import reports
    from meshglobal.cli.show import show

    with reports(report_options, wish.command) as leave, session(fleet, output, write.field_manager) as run:
        order = _order(wish, run, select, write)
        with run.progress("reading") as on_cluster:
            plan = make_plan(run.fleet, run.mesh, order, on_cluster)
        _preview(plan, run, write)
        _agree(plan, write)
        say = _Teller(run, plan, is_text=output.output in (Output.TABLE, Output.WIDE))
        with run.waiting() as on_wait:
            report = carry_out(run.fleet, run.clock, plan, say.result, on_wait)
        say.failures(report)
        say.hosts(report)
        leave(report)
        return show(report, run, output.output, order.request.place, is_told=True)


def _order(wish: Wish, run: Session, select: SelectOptions, write: WriteOptions) -> Order:
    from meshglobal.app.exposing import Order
    from meshglobal.app.selecting import Request

    return Order(
        command=wish.command,
        request=Request(wish.targets, run.namespace(select.namespace), select.selector),
        intent=wish.intent,
        asks=wish.asks,
        dry_run=write.dry_run.value,
        overwrite=write.overwrite or wish.replaces,
        wait=run.timeout if write.wait else None,
    )


def _preview(plan: Plan, run: Session, write: WriteOptions) -> None:
    from meshglobal.domain.report import cluster_report
    from meshglobal.render.report import show_findings, told_by
    from meshglobal.render.writes import blast_lines, show_diff

    show_findings(plan.findings, run.err, told_by((), [*map(cluster_report, plan.picture.snapshot.clusters)]))
    if write.diff:
        show_diff(plan.changes, run.err)
    if plan.order.asks and not plan.blast.is_empty:
        run.err.print(f"{plan.order.command} changes what the mesh publishes:")
        for line in blast_lines(plan.blast, plan.unread):
            run.err.print(line)


def _agree(plan: Plan, write: WriteOptions) -> None:
    """Ask where the plan needs consent.

    Raises:
        RefusedError: nobody can be asked, or the answer was no.
    """
    is_asked = plan.needs_consent or (write.diff and bool(plan.changes) and write.dry_run is DryRun.NONE)
    if is_asked and not write.yes:
        from meshglobal.render.writes import extent

        consent(extent(plan.changes))


def consent(what: str) -> None:
    """Ask whether something shall be done.

    Raises:
        RefusedError: nobody can be asked, or the answer was no.
    """
    if not sys.stdin.isatty():
        raise RefusedError("this needs consent, and there is no terminal to ask on", "run again with --yes")
    if _answer(f"{what}? [y/N] ").strip().lower() not in ("y", "yes"):
        raise RefusedError("not agreed to: nothing was written")


def _answer(question: str) -> str:
    """Ask on the terminal.

    Raises:
        InterruptedRunError: there was no answer, not even an empty line.
    """
    answer = ""
    try:
        sys.stderr.write(question)
        sys.stderr.flush()
        answer = sys.stdin.readline()
    finally:
        if not answer:
            sys.stderr.write("\n")  # what comes next stands on a line of its own
    if not answer:
        raise InterruptedRunError("no answer: nothing was written")
    return answer


class _Teller:
    """Tells each result as soon as those before it are known: lines on stdout where a table is wanted, else nothing."""

    def __init__(self, run: Session, plan: Plan, *, is_text: bool) -> None:
        self._run = run
        self._plan = plan
        self._is_text = is_text
        self._waiting = list(plan.steps)
        self._done: dict[tuple[str, str, str], StepResult] = {}
        self._warned: set[str] = set()
        self._lock = threading.Lock()

    def result(self, result: StepResult) -> None:
        """Say how steps ended, in the order of the plan, and each server warning once. Called by worker threads."""
        with self._lock:
            self._done[_place(result.step)] = result
            while self._waiting and (known := self._done.get(_place(self._waiting[0]))) is not None:
                self._waiting.pop(0)
                self._say(known)

    def _say(self, result: StepResult) -> None:
        from meshglobal.render.writes import result_line

        if result.failure is not None:
            return
        if self._is_text:
            self._run.out.print(result_line(result, self._plan.order.dry_run))
        for warning in result.warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._run.err.print(f"Warning: {warning}", style="yellow")

    def failures(self, report: Report) -> None:
        """Say on stderr, even when asked to be quiet, what could not be written and what to do next."""
        from meshglobal.domain.plan import Status

        loud = replace(self._run.err, quiet=False)
        failed = [(write, write.failure) for write in report.writes if write.failure is not None]
        for write, failure in failed:
            subject = f"{write.context}: {write.kind.lower()}/{write.name} {write.status.value}"
            loud.print(f"error: {subject}: {failure.message}")
            if failure.next_step:
                loud.print(f"hint: {failure.next_step}")
        is_written = any(result.status is Status.CHANGED for result in self._done.values())
        if failed and not is_written and report.dry_run == "none":
            loud.print("error: nothing was written")
        for context in self._plan.unread if is_written else ():
            loud.print(f"error: {context}: nothing was written there: it could not be read; run again when it can")

    def hosts(self, report: Report) -> None:
        """Say under which hosts the services are, or would be, reachable, and which nobody selected publishes now."""
        if not self._is_text or any(write.failure is not None for write in report.writes):
            return
        for host in self._plan.hosts:
            self._run.out.print(f"global host: {host}")
        is_gone = report.exit_code == 0 and self._plan.order.wait is not None and not report.hosts
        for host in self._plan.blast.vanishes if is_gone else ():
            self._run.out.print(f"no longer published by any selected cluster: {host}")
        if report.hosts:
            self._run.out.print()


def _place(step: Step) -> tuple[str, str, str]:
    return step.context, step.namespace, step.name
