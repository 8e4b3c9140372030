"""What the segment commands wrote, or would write, in kubectl's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status, StepResult
from meshglobal.render.screen import Screen
from meshglobal.render.writes import result_line

_SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


def segment_lines(results: Sequence[StepResult | ObjectResult], dry_run: str) -> Iterator[str]:
    """One line for each object that was written, or needed no write."""
    for one in results:
        if one.failure is not None:
            continue
        if isinstance(one, StepResult):
            yield result_line(one, dry_run)
            continue
        done = "" if one.status is Status.UNCHANGED else _SUFFIX[dry_run]
        yield f"{one.step.context}: {one.step.kind.word}/{one.step.name} {one.verb}{done}"


def show_segment_diff(steps: Sequence[ObjectStep], out: Screen) -> None:
    """Print which Segments would be made, changed or deleted."""
    for step in steps:
        out.print(f"{step.context}: {step.kind.word}/{step.name} in namespace {step.namespace}")
        if step.wanted is None:
            out.print("  - the whole object", style="red")
        else:
            out.print(f"  + spec.domain={step.wanted['spec']['domain']}", style="green")
