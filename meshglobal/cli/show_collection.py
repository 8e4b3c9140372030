"""Show what was collected: what is in the bundle on stdout, what could not be read on stderr."""

from __future__ import annotations

import sys

from meshglobal.app.collecting import Collection
from meshglobal.cli.options import Output
from meshglobal.cli.session import Session


def show_collection(found: Collection, session: Session, output: Output) -> int:
    """Print it in the format that was asked for and give back the exit code."""
    from meshglobal.render.documents import write_document
    from meshglobal.render.report import show_clusters
    from meshglobal.render.screen import print_table

    match output:
        case Output.JSON | Output.YAML:
            write_document(found, output.value, sys.stdout)
        case Output.NAME:
            session.out.print(found.path)
        case _:
            rows = [
                (one.context, "yes" if one.reached else "no", str(found.objects[one.context]), str(len(one.unread)))
                for one in found.clusters
            ]
            print_table(session.out, ("CONTEXT", "REACHED", "OBJECTS", "UNREAD"), rows)
            session.out.print()
            session.out.print(_said(found))
    show_clusters(found.clusters, session.err)
    return found.exit_code


def _said(found: Collection) -> str:
    summary = found.summary
    names = ", names replaced" if found.redacted else ""
    read = f"{summary.clusters_read} of {summary.clusters} clusters read"
    return f"wrote {found.path} ({_size(found.size)}{names}); {read}"


def _size(size: int) -> str:
    if size < 1 << 20:
        return f"{max(1, round(size / (1 << 10)))} KiB"
    return f"{size / (1 << 20):.1f} MiB"
