"""`sandbox fault`: let a cluster of a running sandbox misbehave."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from meshglobal.cli.commands.sandbox.choices import Name
from meshglobal.domain.errors import ExitCode, UsageError


def fault(
    *,
    cluster: Annotated[str | None, typer.Argument(metavar="[CLUSTER]", help="One of the sandbox's.")] = None,
    kind: Annotated[
        str | None,
        typer.Argument(metavar="[KIND]", help="slow, drop, hang, skew, istiod, partition, or an HTTP status."),
    ] = None,
    delay: Annotated[str, typer.Option("--delay", metavar="TIME", help="How late (slow), how far ahead (skew).")] = "",
    path: Annotated[str, typer.Option("--path", metavar="GLOB", help="Only requests for these paths.")] = "*",
    method: Annotated[
        list[str] | None, typer.Option("--method", metavar="METHOD", help="Only these HTTP methods; repeatable.")
    ] = None,
    times: Annotated[
        int | None, typer.Option("--times", metavar="N", min=1, help="Only the next N of such requests.")
    ] = None,
    retry_after: Annotated[
        int | None, typer.Option("--retry-after", metavar="SECONDS", min=0, help="Sent with an HTTP status.")
    ] = None,
    peer: Annotated[str, typer.Option("--peer", metavar="CLUSTER", help="partition: from whom.")] = "",
    silent: Annotated[bool, typer.Option("--silent", help="partition: nothing answers, instead of refusing.")] = False,
    end: Annotated[
        bool, typer.Option("--end", help="End it; without KIND all of the cluster, without CLUSTER all there are.")
    ] = False,
    name: Name = "default",
) -> int:
    """Let a cluster of a running sandbox misbehave until it is ended; without a cluster: list what is on.

    slow: late answers. drop: dropped connections. hang: no answers. skew: a clock that is ahead. istiod: a control
    plane that does nothing until it is restarted. partition: no contact with a peer. 403, 503, ...: this answer.
    """
    from meshglobal.sandbox.breaking.troubles import Trouble, begin
    from meshglobal.sandbox.breaking.troubles import end as end_troubles
    from meshglobal.sandbox.runtime.place import place_of
    from meshglobal.sandbox.runtime.running import get
    from meshglobal.settings import seconds

    place = place_of(name, os.environ)
    get(place, os.environ)
    if end:
        return _told(end_troubles(place, cluster, kind), "nothing was on", "{0}: {1} ended")
    if cluster is None:
        from meshglobal.sandbox.breaking.troubles import troubles

        return _told(troubles(place), "nothing is on", "{0}: {1}")
    if kind is None:
        raise UsageError("say what the cluster is to do", f"such as: meshglobal sandbox fault {cluster} drop")
    late = seconds(delay, "--delay") if delay else 0.0
    methods = tuple(each.upper() for each in method or ())
    begin(place, cluster, Trouble(kind, late, path, methods, times, retry_after, peer, is_silent=silent))
    sys.stdout.write(f"{cluster}: {kind}{f' {peer}' if peer else ''}\n")
    return ExitCode.OK


def _told(found: list[tuple[str, str]], none: str, line: str) -> int:
    sys.stdout.write("".join(line.format(*each) + "\n" for each in found) or f"{none}\n")
    return ExitCode.OK
