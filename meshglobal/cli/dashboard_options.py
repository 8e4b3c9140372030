"""The options of `dashboard` alone, and what of them does not go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_namespaces
from meshglobal.cli.options import Color, PlaceOptions, SourceOptions
from meshglobal.domain.errors import UsageError
from meshglobal.domain.strictness import Strictness


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where the page is served, to whom, and what is said of it."""

    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65_535, help="Where to listen; 0: any that is free.")
    ] = 0
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen", metavar="ADDRESS", help="Not on loopback, but on this address; needs --token-file. Plain HTTP."
        ),
    ] = None
    token_file: Annotated[
        str | None,
        typer.Option("--token-file", metavar="FILE", help="A token of your own, in a file that you alone can read."),
    ] = None
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open a browser; by default on a terminal with a display."),
    ] = None
    color: Annotated[
        Color, typer.Option("--color", envvar="MESHGLOBAL_COLOR", help="NO_COLOR and CLICOLOR_FORCE count too.")
    ] = Color.AUTO
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No hints or remarks.")] = False


@dataclass(frozen=True, slots=True)
class ShownOptions:
    """Which services are shown."""

    namespace: Annotated[
        str | None,
        typer.Option(
            "-n",
            "--namespace",
            metavar="NAME",
            envvar="MESHGLOBAL_NAMESPACE",
            help="Only this namespace; else all.",
            autocompletion=complete_namespaces,
        ),
    ] = None
    all_namespaces: Annotated[
        bool, typer.Option("-A", "--all-namespaces", help="Every namespace, whatever a setting says.")
    ] = False
    selector: Annotated[
        str, typer.Option("-l", "--selector", metavar="LABELS", help="Label selector, as kubectl's.")
    ] = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page shows: of which clusters, which services, how strictly, and whether it may write."""

    fleet: SourceOptions
    places: PlaceOptions
    shown: ShownOptions
    strict: Strictness
    writes: bool


def check_writes(*, allow_writes: bool, read_only: bool, files: Sequence[str]) -> None:
    """Refuse what does not go together.

    Raises:
        UsageError: see the messages.
    """
    if allow_writes and read_only:
        raise UsageError(
            "--allow-writes and --read-only exclude each other",
            "--read-only may come from MESHGLOBAL_READ_ONLY, or from read-only in the config file",
        )
    if allow_writes and files:
        raise UsageError("--allow-writes changes clusters, and --from reads none: use one of them")
