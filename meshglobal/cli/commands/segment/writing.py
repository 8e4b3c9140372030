"""Plan, show, ask, write, wait: what the writing segment commands share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from meshglobal.cli.commands.segment.places import PeerOptions, placed
from meshglobal.cli.options import DryRun, FleetOptions, Output, OutputOptions, WriteOptions
from meshglobal.domain.errors import UsageError
from meshglobal.domain.segment_intent import SegmentIntent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from meshglobal.app.segment_writing import Result, Work
    from meshglobal.cli.session import Session
    from meshglobal.domain.report import Report


def write_segments(
    intent: SegmentIntent, fleet: FleetOptions, peers: PeerOptions, write: WriteOptions, output: OutputOptions
) -> int:
    """Run a change from its plan to the exit code. ``intent`` has no contexts yet."""
    from meshglobal.app.segment_planning import checked_intent, plan_change
    from meshglobal.app.segment_writing import SegmentOrder, carry_out, make_work
    from meshglobal.cli.session import session
    from meshglobal.cli.show import show

    checked_intent(intent)
    options, targets = placed(fleet, peers)
    with session(options, output, write.field_manager) as run:
        if run.objects is None:
            raise UsageError("clusters in files cannot be written to", "leave out --from")
        order = SegmentOrder(write.dry_run.value, write.overwrite, run.timeout if write.wait else None)
        with run.progress("reading") as on_cluster:
            planned = plan_change(run.fleet, run.mesh, replace(intent, contexts=targets), on_cluster)
        work = make_work(planned, order)
        _preview(work, run, write)
        _agree(work, write)
        tell = _teller(run, work, is_text=output.output in (Output.TABLE, Output.WIDE))
        with run.waiting() as on_wait:
            report = carry_out(run.fleet, run.objects, run.clock, work, tell, on_wait)
        _failures(report, work, run)
        if report.hosts and output.output in (Output.TABLE, Output.WIDE):
            run.out.print()
        return show(report, run, output.output, "", is_told=True)


def _preview(work: Work, run: Session, write: WriteOptions) -> None:
    from meshglobal.render.report import show_findings
    from meshglobal.render.segment_plan import show_plan
    from meshglobal.render.segment_writes import show_segment_diff
    from meshglobal.render.writes import show_diff

    if work.size and not run.err.quiet:
        show_plan(work.planned.plan, run.err)
        show_findings(work.planned.plan.findings, run.err)
    if write.diff:
        show_diff([step for step in work.labels if step.changes], run.err)
        show_segment_diff(work.objects, run.err)


def _agree(work: Work, write: WriteOptions) -> None:
    """Ask where a host changes for somebody, or might without our knowing."""
    from meshglobal.cli.writing import consent

    plan = work.planned.plan
    is_felt = not plan.is_empty or bool(plan.exit_code) or bool(work.labels) or write.diff
    if write.yes or write.dry_run is not DryRun.NONE or not work.size or not is_felt:
        return
    contexts = {step.context for step in work.labels if step.changes} | {step.context for step in work.objects}
    objects = f"{work.size} object{'s' * (work.size > 1)}"
    consent(f"change {objects} in {len(contexts)} cluster{'s' * (len(contexts) > 1)}")


def _teller(run: Session, work: Work, *, is_text: bool) -> Callable[[Sequence[Result]], None]:
    """Tells results, as lines on stdout where a table is wanted, and each server warning once."""
    from meshglobal.render.segment_writes import segment_lines

    def tell(results: Sequence[Result]) -> None:
        for line in segment_lines(results, work.order.dry_run) if is_text else ():
            run.out.print(line)
        for warning in dict.fromkeys(text for one in results for text in one.warnings):
            run.err.print(f"Warning: {warning}", style="yellow")

    return tell


def _failures(report: Report, work: Work, run: Session) -> None:
    """Say on stderr, even when asked to be quiet, what could not be written and what to do next."""
    from meshglobal.domain.plan import Status

    loud = replace(run.err, quiet=False)
    failed = [(one, one.failure) for one in report.writes if one.failure is not None]
    for one, failure in failed:
        loud.print(f"error: {one.context}: {one.kind.lower()}/{one.name} {one.status.value}: {failure.message}")
        if failure.next_step:
            loud.print(f"hint: {failure.next_step}")
    if failed and not any(one.status is Status.CHANGED for one in report.writes) and report.dry_run == "none":
        loud.print("error: nothing was written")
    for context in work.unread:
        loud.print(f"error: {context}: nothing was written there: it could not be read; run again when it can")
