"""Work a plan out, show it, write its fixes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from meshglobal.cli.commands.segment.places import PeerOptions, placed
from meshglobal.cli.options import Output, OutputOptions, SourceOptions
from meshglobal.domain.errors import UsageError
from meshglobal.domain.segment_intent import Action, SegmentIntent

if TYPE_CHECKING:
    from meshglobal.cli.session import Session
    from meshglobal.domain.segment_plan import SegmentPlan


def run_plan(
    action: Action,
    name: str,
    domain: str,
    fleet: SourceOptions,
    peers: PeerOptions,
    write_fixes: str | None,
    output: OutputOptions,
) -> int:
    """From the options of `segment plan` to the exit code."""
    from meshglobal.app.segment_planning import checked_intent, plan_change
    from meshglobal.cli.session import session

    checked_intent(SegmentIntent(action, (), name, domain))
    folder = _folder(write_fixes) if write_fixes is not None else None
    options, targets = placed(fleet, peers)
    with session(options, output) as run:
        with run.progress("reading") as on_cluster:
            intent = SegmentIntent(action, targets, name, domain)
            plan = plan_change(run.fleet, run.mesh, intent, on_cluster).plan
        show(plan, run, output.output)
        if folder is not None:
            _write_fixes(plan, folder, run)
        return plan.exit_code


def show(plan: SegmentPlan, run: Session, output: Output) -> None:
    """Print a plan, and what stood in the way of it."""
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters, show_findings, show_notes
    from meshglobal.render.segment_plan import show_plan

    match output:
        case Output.JSON | Output.YAML:
            write_document(plan, output.value, sys.stdout)
        case Output.NAME:
            for one in dict.fromkeys((one.kind.lower(), one.name) for one in plan.broken):
                run.out.print("/".join(one))
        case _:
            show_plan(plan, run.out, wide=output is Output.WIDE)
    show_findings(plan.findings, run.err)
    show_notes(plan.notes, run.err)
    show_clusters(plan.clusters, run.err)


def _folder(named: str) -> Path:
    """Where fixes go: nothing may stand there, for what an earlier plan wrote would be taken for a part of this one."""
    folder = Path(named)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--write-fixes {named}: is no folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"--write-fixes {named}: the folder is not empty", "name a new one")
    return folder


def _write_fixes(plan: SegmentPlan, folder: Path, run: Session) -> None:
    import yaml

    from meshglobal.domain.segment_fixes import fixes_of
    from meshglobal.render.segment_plan import fix_text

    fixes = fixes_of(plan.references)
    for fix in fixes:
        path = folder / fix.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fix_text(fix, lambda patch: str(yaml.safe_dump(patch, sort_keys=False))), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--write-fixes: {path} cannot be written: {error.strerror}") from error
    if fixes:
        run.err.print(f"{len(fixes)} patch{'es' * (len(fixes) > 1)} written to {folder}; each says how it is applied")
    else:
        run.err.print("no reference breaks for which there is a new text: no patch was written")
