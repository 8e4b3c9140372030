"""`meshglobal completion SHELL`: the script that a shell evaluates."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Shell(StrEnum):
    """Shells with completion."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@app.command()
def completion(shell: Annotated[Shell, typer.Argument(help="The shell.")]) -> int:
    """Print the completion script of a shell.

    For bash: source <(meshglobal completion bash). The same line in ~/.bashrc makes it last.
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined] # exported in fact

    script = get_completion_script(prog_name="meshglobal", complete_var="_MESHGLOBAL_COMPLETE", shell=shell.value)
    typer.echo(script)
    return 0
