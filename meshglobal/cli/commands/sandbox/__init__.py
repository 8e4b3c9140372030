"""`meshglobal sandbox`: a mesh on one's own machine. One module a sub-command."""

from __future__ import annotations

from collections.abc import Callable

import typer

from meshglobal.cli.commands.sandbox.attach import attach
from meshglobal.cli.commands.sandbox.boundary import of_sandbox
from meshglobal.cli.commands.sandbox.break_ import break_
from meshglobal.cli.commands.sandbox.demo import demo
from meshglobal.cli.commands.sandbox.detach import detach
from meshglobal.cli.commands.sandbox.down import down
from meshglobal.cli.commands.sandbox.fault import fault
from meshglobal.cli.commands.sandbox.kubeconfig import kubeconfig
from meshglobal.cli.commands.sandbox.status import status
from meshglobal.cli.commands.sandbox.up import up

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

_COMMANDS: tuple[Callable[..., int], ...] = (up, down, status, kubeconfig, demo, break_, fault, attach, detach)
for _command in _COMMANDS:
    app.command(_command.__name__.rstrip("_"))(of_sandbox(_command))


@app.callback()
def sandbox() -> None:
    """A mesh on your own machine: API servers on loopback and an emulated control plane."""
