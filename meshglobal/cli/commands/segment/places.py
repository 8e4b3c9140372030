"""Which clusters a change is for, and which are only looked at: hosts change in the others as well."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

import typer

from meshglobal.cli.complete import complete_contexts
from meshglobal.cli.options import FleetOptions
from meshglobal.domain.errors import UsageError

T = TypeVar("T", bound=FleetOptions)


@dataclass(frozen=True, slots=True)
class PeerOptions:
    """``--peers``."""

    peers: Annotated[
        list[str],
        typer.Option(
            "--peers",
            metavar="NAME",
            help="Contexts that are looked at and not changed, written as for --context; repeatable.",
            show_default="those that are selected without --context; of --from all",
            autocompletion=complete_contexts,
        ),
    ] = field(default_factory=list)


def placed(options: T, peers: PeerOptions) -> tuple[T, tuple[str, ...]]:
    """The options that select all these clusters, and the contexts of those that the change is for.

    Raises:
        UsageError: a context that does not exist.
    """
    targets = _of_files(options, options.context) if options.files else _selected(options)
    others = _of_files(options, peers.peers) if options.files else _peers(options, peers.peers)
    return replace(options, context=list(dict.fromkeys((*targets, *others))), all_contexts=False), targets


def _selected(options: FleetOptions) -> tuple[str, ...]:
    from meshglobal.bootstrap import selected

    return selected(options).contexts


def _peers(options: FleetOptions, named: list[str]) -> tuple[str, ...]:
    """Those that are named; else those that the surroundings select, but not just the current context."""
    from meshglobal.bootstrap import selected

    try:
        found = selected(replace(options, context=named, all_contexts=False))
    except UsageError:
        if named:
            raise
        return ()
    return () if found.is_default else found.contexts


def _of_files(options: FleetOptions, named: list[str]) -> tuple[str, ...]:
    from meshglobal.bootstrap import open_fleet

    opened = open_fleet(replace(options, context=named, all_contexts=False))
    return opened.selection.contexts
