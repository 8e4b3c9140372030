"""`meshglobal rbac COMMAND`: the least rights that a command needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_namespaces
from meshglobal.cli.options import IstioNamespaceFlag, PlaceOptions, takes_options
from meshglobal.domain.names import ISTIO_NAMESPACE

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Form(StrEnum):
    """``-o``."""

    YAML = "yaml"
    JSON = "json"


def _commands(incomplete: str) -> list[str]:
    from meshglobal.app.granting import COMMANDS

    return [name for name in COMMANDS if name.startswith(incomplete)]


@dataclass(frozen=True, slots=True)
class UseOptions:
    """How COMMAND is used."""

    namespace: Annotated[
        str | None,
        typer.Option(
            "-n",
            "--namespace",
            metavar="NAME",
            envvar="MESHGLOBAL_NAMESPACE",
            help="Where COMMAND is used.",
            autocompletion=complete_namespaces,
        ),
    ] = None
    all_namespaces: Annotated[bool, typer.Option("-A", "--all-namespaces", help="Every namespace.")] = False
    selector: Annotated[str, typer.Option("-l", "--selector", metavar="LABELS", help="COMMAND's own.")] = ""
    wait: Annotated[
        bool | None,
        typer.Option(
            "--wait/--no-wait",
            help="With or without what waiting needs; --watch and --samples of COMMAND need the same.",
            show_default="as COMMAND does",
        ),
    ] = None
    istio_namespace: IstioNamespaceFlag = ISTIO_NAMESPACE


@dataclass(frozen=True, slots=True)
class GrantOptions:
    """Whose the rights are, and how they are printed."""

    subject: Annotated[
        list[str],
        typer.Option(
            "--subject", metavar="WHO", help="Bind it to user:NAME, group:NAME or serviceaccount:NS/NAME; repeatable."
        ),
    ] = field(default_factory=list)
    role_name: Annotated[
        str | None,
        typer.Option("--role-name", metavar="NAME", help="Of roles and bindings.", show_default="meshglobal-COMMAND"),
    ] = None
    form: Annotated[Form, typer.Option("-o", "--output", help="Format on stdout.")] = Form.YAML


@app.command()
@takes_options
def rbac(
    use: UseOptions,
    places: PlaceOptions,
    grant: GrantOptions,
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="verify, list, describe, diagnose, …", autocompletion=_commands)
    ],
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc|ns [NAME]...]", help="For these alone, if named.", show_default=False),
    ] = None,
) -> int:
    """Print the least Role and ClusterRole that let somebody run COMMAND; nothing is sent to any cluster.

    Every cluster needs them: meshglobal rbac verify -n bookinfo --subject user:ci | kubectl apply -f -
    """
    import sys

    from meshglobal.app.granting import Asked, rights_for
    from meshglobal.app.picture import MeshSettings
    from meshglobal.app.selecting import Request
    from meshglobal.cli.noticing import settled
    from meshglobal.cli.table import LIVE_LIST, find
    from meshglobal.domain.subject import checked_role_name, parse_subject
    from meshglobal.domain.targets import parse_targets
    from meshglobal.render.rights import as_json, as_yaml, manifests

    if command == LIVE_LIST and use.wait is None:  # which is list --watch
        use = replace(use, wait=True)
    entry = find(command)
    name = entry.name if entry is not None else command
    place = None if use.all_namespaces else use.namespace
    asked = Asked(name, Request(parse_targets(targets or [], needs_names=False), place, use.selector), use.wait)
    mesh = settled(MeshSettings(use.istio_namespace), places)
    rights = rights_for(mesh, asked, everywhere=use.all_namespaces)
    called = checked_role_name(grant.role_name) if grant.role_name is not None else f"meshglobal-{name}"
    found = manifests(rights, called, [parse_subject(one) for one in grant.subject])
    words = [name, *(targets or ()), *_used(use), *_at(places), *_granted(grant)]
    sys.stdout.write(as_yaml(found, _title(words)) if grant.form is Form.YAML else as_json(found))
    return 0


def _title(words: Sequence[str]) -> str:
    """The command line, on one line."""
    import shlex

    return " ".join(f"printed by: meshglobal rbac {shlex.join(words)}".split())


def _used(use: UseOptions) -> Iterator[str]:
    if use.all_namespaces:
        yield "-A"
    elif use.namespace is not None:
        yield from ("-n", use.namespace)
    if use.selector:
        yield from ("-l", use.selector)
    if use.wait is not None:
        yield "--wait" if use.wait else "--no-wait"
    if use.istio_namespace != ISTIO_NAMESPACE:
        yield from ("-i", use.istio_namespace)


def _at(places: PlaceOptions) -> Iterator[str]:
    for one in fields(places):
        if (value := getattr(places, one.name)) is not None:
            yield from (f"--{one.name.replace('_', '-')}", value)


def _granted(grant: GrantOptions) -> Iterator[str]:
    if grant.role_name is not None:
        yield from ("--role-name", grant.role_name)
    for subject in grant.subject:
        yield from ("--subject", subject)
