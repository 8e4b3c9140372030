"""The root command group: knows all commands by name, imports one only when it is called.

`--help`, `--version` and completion of command names therefore load neither `kubernetes` nor `yaml` nor `rich`.
"""

from __future__ import annotations

import importlib
from typing import Any, cast

import typer
from typer.core import CompletionItem, TyperGroup  # type: ignore[attr-defined] # click's, vendored by Typer

from meshglobal.cli.table import COMMANDS, find


class LazyGroup(TyperGroup):
    """A group whose members are loaded from `meshglobal.cli.commands` on demand."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        # Only the keys are looked at, to suggest a near name; the values come from get_command.
        self.commands = cast("Any", dict.fromkeys(entry.name for entry in COMMANDS))

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        del ctx
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and build its command; None when there is no such command."""
        del ctx
        entry = find(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"meshglobal.cli.commands.{entry.module}")
        command = typer.main.get_command(cast("typer.Typer", module.app))
        command.name = entry.name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name from the table alone."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(entry.name, help=entry.help) for entry in COMMANDS if entry.name.startswith(incomplete)]
