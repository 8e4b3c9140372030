"""Show what `call` came to: the answer as it comes, the table, the document."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from meshglobal.app.calling import Telling
from meshglobal.cli.options import Output
from meshglobal.cli.session import Session
from meshglobal.domain.call_report import CallReport
from meshglobal.render.screen import Screen


class _Answer:
    """Puts an answer on a stream as it comes; a terminal gets nothing that it would obey."""

    def __init__(self, out: Screen) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take(self, data: bytes) -> None:
        """Print some bytes of the answer."""
        self._out.write(self._decoder.decode(data))


@contextmanager
def telling(session: Session, output: Output, count: int) -> Iterator[Telling]:
    """Who hears what while calls are made. On a terminal the progress of several calls is shown."""
    loud = replace(session.err, quiet=False)

    def remains(context: str, what: str) -> None:
        loud.print(f"{context}: stays behind: {what}")

    if output in (Output.TABLE, Output.WIDE) and count == 1:
        yield Telling(on_text=_Answer(session.out).take, on_remains=remains)
        return
    if not session.err.is_terminal or session.err.quiet:
        yield Telling(on_remains=remains)
        return
    with session.err.status(f"calling {count} time{'' if count == 1 else 's'} from each cluster"):
        yield Telling(on_remains=remains)


def show_call(report: CallReport, session: Session, output: Output) -> int:
    """Print what is not printed yet, and give back the exit code."""
    from meshglobal.render.calls import show_beside, show_calls, source_text
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters, show_findings

    is_table = output in (Output.TABLE, Output.WIDE)
    is_single = is_table and len(report.calls) == 1 and report.calls[0].count <= 1
    match output:
        case Output.JSON | Output.YAML:
            write_document(report, output.value, sys.stdout)
        case Output.NAME:
            for one in report.calls:
                if one.source is not None and one.source.pod is not None:
                    session.out.print(f"pod/{source_text(one.source).partition('/')[2]}")
        case _:
            if not is_single:
                show_calls(report, session.out, wide=output is Output.WIDE)
    show_beside(report, session.err, is_single=is_single)
    show_findings(report.findings, session.err)
    show_clusters([one for one in report.clusters if one.reached], session.err)
    return report.exit_code
