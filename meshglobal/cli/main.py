"""The entry point of `meshglobal` and of `kubectl meshglobal`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import meshglobal
from meshglobal.cli.lazy import LazyGroup
from meshglobal.cli.run import run
from meshglobal.cli.table import COMMANDS, GROUPS

_EPILOG = (
    "Exit codes: 0 fine, 1 findings or differences, 2 usage, 3 could not check, 4 conflict or partly written, "
    "5 --wait ran out of time, 70 a bug of ours, 130 interrupted. They are the same in every output format."
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"meshglobal {meshglobal.__version__}")
        raise typer.Exit


def _defaults(values: dict[str, Any]) -> dict[str, Any]:
    """The config file's values as every command's defaults, in the shape in which the parser looks them up."""

    def of(path: str) -> dict[str, Any]:
        subs = GROUPS.get(path)
        return values if subs is None else {name: of(f"{path} {name}") for name in subs}

    return {name: of(name) for entry in COMMANDS for name in (entry.name, *entry.aliases)}


def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Global services across the clusters of a Solo Istio mesh: expose them, verify them, say what is wrong."""
    del version
    from meshglobal.cli.open_drills import tell_open_drills
    from meshglobal.settings import config_path, option_defaults, read_config

    if ctx.invoked_subcommand != "drill":  # which says so itself, or ends it
        tell_open_drills(os.environ)

    if config_path(os.environ).exists() or os.environ.get("MESHGLOBAL_CONFIG"):
        ctx.default_map = _defaults(option_defaults(read_config(os.environ)))


def build() -> typer.Typer:
    """The program, with no command loaded yet."""
    return typer.Typer(
        cls=LazyGroup,
        callback=root,
        add_completion=False,
        no_args_is_help=True,
        epilog=_EPILOG,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def program_name(argv0: str) -> str:
    """The name that was typed: kubectl starts plugins as ``kubectl-NAME``."""
    name = Path(argv0).name
    return "kubectl meshglobal" if name.startswith("kubectl-meshglobal") else "meshglobal"


def make_streams_usable() -> None:
    """Let every stream be there and take every character: closed ones lead nowhere, text is UTF-8 as kubectl's is.

    They are opened in order, so that no connection gets the number of a closed stream.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the process ends
        elif mode == "w":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


# A run makes many records and few cycles: looking for cycles as often as the default does takes a tenth of its time.
OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Run the program and end the process with its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    make_streams_usable()
    code = run(build(), sys.argv[1:], program_name(sys.argv[0]), os.environ)
    # Worker threads may still wait for a hung server: nothing is left to do for them.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
