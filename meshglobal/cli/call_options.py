"""The options of `call`, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from meshglobal.cli.complete import complete_namespaces

if TYPE_CHECKING:
    from meshglobal.app.calling import CallWish
    from meshglobal.domain.call import Method
    from meshglobal.domain.call_source import CallerWish
    from meshglobal.domain.names import ServiceKey

_WITH_REMOTE_ONLY = 10
_SIGNS_OF_LABELS = ("=", "!", ",", " in ", " notin ")


class Way(StrEnum):
    """``--method``."""

    AUTO = "auto"
    EXEC = "exec"
    EPHEMERAL = "ephemeral"
    POD = "pod"


@dataclass(frozen=True, slots=True)
class CallOptions:
    """Who calls what, and how often."""

    caller: Annotated[
        str | None,
        typer.Option("--from", metavar="POD|LABELS", help="The calling pod; else one that is ready and in the mesh."),
    ] = None
    from_namespace: Annotated[
        str | None,
        typer.Option(
            "--from-namespace",
            metavar="NAME",
            help="Where the caller is; else the service's.",
            autocompletion=complete_namespaces,
        ),
    ] = None
    method: Annotated[
        Way, typer.Option("--method", help="exec in the pod; an ephemeral container, which stays; a pod, which goes.")
    ] = Way.AUTO
    image: Annotated[
        str | None,
        typer.Option("--image", metavar="IMAGE", help="Of ephemeral container or pod.", show_default="curlimages/curl"),
    ] = None
    host: Annotated[
        str | None,
        typer.Option(
            "--host", metavar="HOST", help="Another host of it: of another segment, or the ordinary name in a cluster."
        ),
    ] = None
    path: Annotated[str, typer.Option("--path", metavar="PATH", help="With its query.")] = "/"
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="Else the first that speaks HTTP.")
    ] = None
    header: Annotated[
        list[str], typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="Of the request; repeatable.")
    ] = field(default_factory=list)
    count: Annotated[
        int | None,
        typer.Option(
            "--count", metavar="N", min=1, max=10_000, help="How many calls.", show_default="1; --remote-only: 10"
        ),
    ] = None
    rate: Annotated[str | None, typer.Option("--rate", metavar="RATE", help="At most: 10 (a second), 30/m, 5/h.")] = (
        None
    )
    max_time: Annotated[str, typer.Option("--max-time", metavar="TIME", help="For each call.")] = "10s"
    remote_only: Annotated[
        bool, typer.Option("--remote-only", help="Show that other clusters are reached: yes, no, or unknown (exit 3).")
    ] = False
    identify: Annotated[
        str | None,
        typer.Option(
            "--identify",
            metavar="header:NAME|body:REGEX",
            help="What in an answer says who gave it.",
            show_default="well-known headers such as x-served-by-cluster",
        ),
    ] = None


def wish_of(options: CallOptions, key: ServiceKey) -> CallWish:
    """What is to be called how.

    Raises:
        UsageError: an option that cannot be; nothing was sent.
    """
    import secrets

    from meshglobal.app.call_ports import DEFAULT_IMAGE
    from meshglobal.app.calling import CallWish
    from meshglobal.domain.call_identity import parse_identify
    from meshglobal.domain.call_order import checked_header, checked_image, checked_path, checked_rate
    from meshglobal.domain.call_target import checked_host
    from meshglobal.settings import seconds

    return CallWish(
        key,
        caller_of(options.caller, options.from_namespace or key.namespace),
        f"meshglobal-{secrets.token_hex(8)}",
        host=checked_host(options.host, key) if options.host is not None else "",
        methods=_methods(options),
        port=options.port,
        path=checked_path(options.path),
        headers=tuple(checked_header(one) for one in options.header),
        count=options.count or (_WITH_REMOTE_ONLY if options.remote_only else 1),
        rate=checked_rate(options.rate) if options.rate is not None else 0.0,
        max_time=max(seconds(options.max_time, "--max-time"), 0.001),
        is_remote=options.remote_only,
        image=checked_image(options.image) if options.image is not None else DEFAULT_IMAGE,
        identify=parse_identify(options.identify),
    )


def caller_of(text: str | None, namespace: str) -> CallerWish:
    """Who is to call: ``--from`` with a pod's name (``pod/NAME`` too), a label selector, or nothing.

    Raises:
        UsageError: what can be neither, or a namespace that cannot be.
    """
    from meshglobal.domain.call_source import CallerWish
    from meshglobal.domain.errors import UsageError
    from meshglobal.domain.names import is_dns_label, is_dns_name

    if not is_dns_label(namespace):
        raise UsageError(f"{namespace!r} cannot be the name of a namespace")
    if text is None:
        return CallerWish(namespace)
    if any(sign in text for sign in _SIGNS_OF_LABELS):
        return CallerWish(namespace, selector=text)
    name = text.removeprefix("pod/").removeprefix("pods/")
    if not is_dns_name(name):
        raise UsageError(f"--from {text!r}: neither the name of a pod nor a label selector such as app=ratings")
    return CallerWish(namespace, name)


def _methods(options: CallOptions) -> tuple[Method, ...]:
    """The ways to try, in order. An image was meant to be used."""
    from meshglobal.domain.call import Method

    if options.method is not Way.AUTO:
        return (Method(options.method.value),)
    return (Method.EPHEMERAL, Method.POD) if options.image is not None else tuple(Method)
