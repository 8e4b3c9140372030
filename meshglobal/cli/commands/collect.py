"""`meshglobal collect`: a bundle that the reading commands take with ``--from``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.options import (
    AllNamespacesOption,
    NamespaceOption,
    OutputOptions,
    SourceOptions,
    takes_options,
)

if TYPE_CHECKING:
    from meshglobal.cli.session import Session

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@takes_options
def collect(
    fleet: SourceOptions,
    select: NamespaceOption,
    everywhere: AllNamespacesOption,
    output: OutputOptions,
    out: Annotated[
        str, typer.Option("--out", metavar="PATH", help="A folder; an archive where it ends in .tar.gz or .tgz.")
    ],
    redact: Annotated[bool, typer.Option("--redact", help="Replace every name, the same one alike.")] = False,
) -> int:
    """Write down what the reading commands read, to look at it elsewhere: verify --from PATH.

    Only the fields that meshglobal reads are written, never a Secret. Ends with 3 if something could not be read; the
    bundle then says what and why. Without -n, --from takes over all that was written down.
    """
    from meshglobal import __version__
    from meshglobal.app.collecting import collect as run_collect
    from meshglobal.app.collecting import summary_of
    from meshglobal.cli.session import session
    from meshglobal.cli.show_collection import show_collection
    from meshglobal.files.bundle_writing import check_free
    from meshglobal.files.handing_on import fresh_key, hand_on

    path = Path(out)
    check_free(path)
    with session(fleet, output) as run:
        namespace = None if everywhere.all_namespaces else _place(run, select.namespace)
        with run.progress("reading") as on_cluster:
            found = run_collect(run.fleet, run.clock, run.mesh, namespace, on_cluster)
        size = hand_on(found, path, __version__, key=fresh_key() if redact else None)
        return show_collection(summary_of(found, out, size, redacted=redact), run, output.output)


def _place(run: Session, named: str | None) -> str | None:
    """The namespace to collect; None for all."""
    from meshglobal.files.fleet import FileFleet

    if named is None and isinstance(run.fleet, FileFleet):
        return run.fleet.namespace
    return run.namespace(named)
