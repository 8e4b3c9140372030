"""`drill restore`: put back what drills have changed whose process is gone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from meshglobal.cli.drilling import safely
from meshglobal.cli.options import FleetOptions, Output, OutputOptions
from meshglobal.cli.session import Session, session
from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.app.drill_ports import OpenJournal
    from meshglobal.domain.drill_report import PutBack, Restored


def run_restore(output: OutputOptions, kubeconfig: str | None, timeout: str, *, overwrite: bool, keep: bool) -> int:
    """Put back what every open drill of this user on this machine has changed."""
    from meshglobal.domain.drill_report import Restoration
    from meshglobal.files.drill_journal import FileJournals
    from meshglobal.render.documents import write_document
    from meshglobal.render.drill import show_restoration, show_unrestored
    from meshglobal.render.screen import screen
    from meshglobal.settings import drills_folder, seconds

    ready = seconds(timeout, "--timeout")
    journals = FileJournals(drills_folder(os.environ))
    out, err = (screen(stream, output.color.value, os.environ) for stream in (sys.stdout, sys.stderr))
    drills = []
    for held in journals.take():
        options = FleetOptions(
            context=[_literally(held.journal.context)],
            kubeconfig=kubeconfig or held.journal.kubeconfig,
            timeout=f"{ready + 60:g}s",
        )
        drills.append(_restored(held, options, output, ready, overwrite=overwrite, keep=keep))
    for title in journals.running():
        err.print(f"a drill of {title} is running in another process: it puts everything back itself")
    is_done = all(one.is_closed for one in drills)
    found = Restoration(exit_code=int(ExitCode.OK if is_done else ExitCode.CONFLICT), drills=tuple(drills))
    if output.output in (Output.JSON, Output.YAML):
        write_document(found, output.output.value, sys.stdout)
    else:
        show_restoration(found, out)
    for one in drills:
        show_unrestored(one.values, err)
    if not is_done:
        err.print("hint: run it again when that is mended; --overwrite replaces what others changed, --keep leaves it")
    return found.exit_code


def _literally(context: str) -> str:
    """A context's name that may hold what would select several."""
    import re

    return context if not any(sign in context for sign in "*?[],!/") else f"/^{re.escape(context)}$/"


def _restored(
    held: OpenJournal, options: FleetOptions, output: OutputOptions, ready: float, *, overwrite: bool, keep: bool
) -> Restored:
    from meshglobal.app.drill_restoring import restore
    from meshglobal.cli.unbroken import unbroken
    from meshglobal.domain.drill_report import Restored

    journal = held.journal
    values: tuple[PutBack, ...] = ()
    is_closed = False
    try:
        with session(options, output) as run, unbroken(safely(run.err.print)):
            if run.hands is not None:
                waits = _waiting(run, held, ready)
                values, is_closed = restore(run.hands, held, waits, overwrite=overwrite, gives_up=keep)
    finally:
        held.leave()
    return Restored(
        id=journal.id,
        namespace=journal.namespace,
        service=journal.service,
        context=journal.context,
        created=journal.created,
        by=journal.by,
        is_closed=is_closed,
        values=values,
    )


def _waiting(run: Session, held: OpenJournal, ready: float) -> Callable[[], None]:
    from meshglobal.app.drill_restoring import changes_of
    from meshglobal.app.drill_watching import is_ready, watched_until
    from meshglobal.domain.names import ServiceKey

    journal = held.journal
    key = ServiceKey(journal.namespace, journal.service)

    def wait() -> None:
        run.err.print(f"put back; waiting until {journal.title} is ready")
        is_there = is_ready(key, changes_of(journal))
        if not watched_until(run.fleet, run.mesh, (journal.context, key), is_there, run.clock.monotonic() + ready):
            run.err.print(f"it was not ready within {ready:g}s")

    return wait
