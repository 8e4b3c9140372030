"""`sandbox break`: set the cause of a finding up in a running sandbox, to see what finds it and what mends it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Name
from meshglobal.domain.errors import ExitCode, UsageError


def break_(
    *,
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="Of a finding, as `meshglobal explain --list` names it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put back what was there before.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Which causes can be set up, and what is then so.")] = False,
    name: Name = "default",
) -> int:
    """Set up the cause of a finding in a running sandbox with the scenario bookinfo: one at a time.

    Then `meshglobal diagnose` names it and prints what mends it. It makes productpage global first.
    """
    if [code is not None, undo, listed].count(True) != 1:
        raise UsageError("break takes one of these: a code, --undo, --list", "meshglobal sandbox break --list")
    if listed:
        return _list()
    return _undo(name) if undo else _break((code or "").upper(), name)


def _break(code: str, name: str) -> int:
    from meshglobal.sandbox.breaking.setting_up import break_sandbox, named
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import get

    place = place_of(name, os.environ)
    get(place, os.environ)
    recipe, does = break_sandbox(place, code)
    sys.stdout.write(f"{code}: {does}\n")
    sys.stdout.write(f"see it:   meshglobal {recipe.see}\n")
    if recipe.outside:
        sys.stdout.write(f"mend it:  not from here: {recipe.outside}\n")
    sys.stdout.write(f"or undo:  meshglobal sandbox break --undo{named(place)}\n")
    return ExitCode.OK


def _undo(name: str) -> int:
    from meshglobal.sandbox.breaking.undoing import undo
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import get

    place = place_of(name, os.environ)
    get(place, os.environ)
    code = undo(place)
    sys.stdout.write(f"{code} is undone\n" if code else "nothing is set up\n")
    return ExitCode.OK


def _list() -> int:
    from meshglobal.sandbox.breaking.recipes import recipes, words_for
    from meshglobal.sandbox.runtime.columns import aligned
    from meshglobal.sandbox.scenarios.loading import filled

    words = words_for(("cluster1", "cluster2"))
    rows = [
        [code, f"cannot be set up: {recipe.unmade}" if recipe.unmade else filled(recipe.does, words)]
        for code, recipe in recipes().items()
    ]
    sys.stdout.write(aligned([["CODE", "WHAT IS SET UP"], *rows]))
    return ExitCode.OK
