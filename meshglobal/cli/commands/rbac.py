"""`meshglobal rbac COMMAND`: the least rights that a command needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Annotated

import typer

from meshglobal.cli.complete import complete_namespaces
from meshglobal.cli.options import AllNamespacesOption, IstioNamespaceFlag, PlaceOptions, takes_options
from meshglobal.domain.names import ISTIO_NAMESPACE

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Form(StrEnum):
    """``-o``."""

    YAML = "yaml"
    JSON = "json"


def _commands(incomplete: str) -> list[str]:
    from meshglobal.app.granting import COMMANDS

    return [name for name in COMMANDS if name.startswith(incomplete)]


@app.command()
@takes_options
def rbac(
    everywhere: AllNamespacesOption,
    places: PlaceOptions,
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="verify, list, describe, diagnose, …", autocompletion=_commands)
    ],
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc|ns [NAME]...]", help="For these alone, if named.", show_default=False),
    ] = None,
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
    ] = None,
    selector: Annotated[str, typer.Option("-l", "--selector", metavar="LABELS", help="COMMAND's own.")] = "",
    istio_namespace: IstioNamespaceFlag = ISTIO_NAMESPACE,
    wait: Annotated[
        bool | None,
        typer.Option(
            "--wait/--no-wait",
            help="With or without what waiting needs; --watch and --samples of COMMAND need the same.",
            show_default="as COMMAND does",
        ),
    ] = None,
    subject: Annotated[
        list[str] | None,
        typer.Option(
            "--subject", metavar="WHO", help="Bind it to user:NAME, group:NAME or serviceaccount:NS/NAME; repeatable."
        ),
    ] = None,
    role_name: Annotated[
        str | None,
        typer.Option("--role-name", metavar="NAME", help="Of roles and bindings.", show_default="meshglobal-COMMAND"),
    ] = None,
    form: Annotated[Form, typer.Option("-o", "--output", help="Format on stdout.")] = Form.YAML,
) -> int:
    """Print the least Role and ClusterRole that let somebody run COMMAND; nothing is sent to any cluster.

    Every cluster needs them: meshglobal rbac verify -n bookinfo --subject user:ci | kubectl apply -f -
    """
    import shlex
    import sys

    from meshglobal.app.granting import Asked, rights_for
    from meshglobal.app.picture import MeshSettings
    from meshglobal.app.selecting import Request
    from meshglobal.cli.noticing import settled
    from meshglobal.cli.table import find
    from meshglobal.domain.subject import checked_role_name, parse_subject
    from meshglobal.domain.targets import parse_targets
    from meshglobal.render.rights import as_json, as_yaml, manifests

    entry = find(command)
    name = entry.name if entry is not None else command
    place = None if everywhere.all_namespaces else namespace
    parsed = parse_targets(targets or [], needs_names=False)
    asked = Asked(name, Request(parsed, place, selector), wait)
    rights = rights_for(settled(MeshSettings(istio_namespace), places), asked, everywhere=everywhere.all_namespaces)
    called = checked_role_name(role_name) if role_name is not None else f"meshglobal-{name}"
    found = manifests(rights, called, [parse_subject(one) for one in subject or ()])
    words = [*(targets or ()), *_options(selector, wait, place, everywhere=everywhere.all_namespaces)]
    words += _more(places, istio_namespace, role_name, subject or ())
    title = " ".join(f"printed by: meshglobal rbac {name} {shlex.join(words)}".split())
    sys.stdout.write(as_yaml(found, title) if form is Form.YAML else as_json(found))
    return 0


def _options(selector: str, wait: bool | None, place: str | None, *, everywhere: bool) -> Iterator[str]:
    """What COMMAND is about, as it is typed."""
    if everywhere:
        yield "-A"
    elif place is not None:
        yield from ("-n", place)
    if selector:
        yield from ("-l", selector)
    if wait is not None:
        yield "--wait" if wait else "--no-wait"


def _more(places: PlaceOptions, istio_namespace: str, role_name: str | None, subjects: Sequence[str]) -> Iterator[str]:
    """Where things are, and who gets the rights, as it is typed."""
    if istio_namespace != ISTIO_NAMESPACE:
        yield from ("-i", istio_namespace)
    for one in fields(places):
        if (value := getattr(places, one.name)) is not None:
            yield from (f"--{one.name.replace('_', '-')}", value)
    if role_name is not None:
        yield from ("--role-name", role_name)
    for subject in subjects:
        yield from ("--subject", subject)
