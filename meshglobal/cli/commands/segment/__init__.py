"""`meshglobal segment`: groups of clusters with a domain of their own. One module a sub-command."""

from __future__ import annotations

from collections.abc import Callable

import typer

from meshglobal.cli.commands.segment.changing import assign, create, delete, unassign
from meshglobal.cli.commands.segment.list_ import list_
from meshglobal.cli.commands.segment.plan import app as plan

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

_COMMANDS: tuple[Callable[..., int], ...] = (list_, create, assign, unassign, delete)
for _command in _COMMANDS:
    app.command(_command.__name__.rstrip("_"))(_command)
app.add_typer(plan, name="plan")


@app.callback()
def segment() -> None:
    """Segments: groups of clusters whose services have hosts in a domain of their own (alpha in the product)."""
