"""From the options of `drill failover` to what is to be done; everything is checked before anything is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshglobal.domain.errors import UsageError

if TYPE_CHECKING:
    from meshglobal.app.drill_order import DrillOrder, Times
    from meshglobal.app.drill_source import Calling
    from meshglobal.cli.commands.drill import CallerOptions, DrillOptions, ForceOptions
    from meshglobal.domain.call_source import CallerWish


def named(targets: Sequence[str]) -> str:
    """The one service."""
    from meshglobal.domain import kinds
    from meshglobal.domain.targets import parse_targets

    parsed = parse_targets(targets)
    if parsed is None or parsed.kind is not kinds.SERVICE or len(parsed.names) != 1:
        raise UsageError("a drill takes one service: svc NAME")
    return parsed.names[0]


def times_of(what: DrillOptions) -> Times:
    """How long each part takes."""
    from meshglobal.app.drill_order import Times
    from meshglobal.settings import seconds

    return Times(
        before=seconds(what.before, "--before"),
        away=seconds(what.away, "--away"),
        ready=seconds(what.ready_timeout, "--ready-timeout"),
        after=seconds(what.after, "--after"),
    )


def order_of(place: tuple[str, str], what: DrillOptions, force: ForceOptions) -> DrillOrder:
    """What is taken away; ``place``: namespace and name of the service."""
    from meshglobal.app.drill_order import DrillOrder
    from meshglobal.domain.drill_plan import Leave
    from meshglobal.domain.names import ServiceKey
    from meshglobal.settings import protected_contexts, read_config

    patterns = protected_contexts(read_config(os.environ))
    return DrillOrder(
        key=ServiceKey(*place),
        context=what.cluster,
        mode=what.mode,
        times=times_of(what),
        leave=Leave(force.force_outage, force.force_owner, force.allow_protected, patterns),
        max_lost=what.max_lost,
    )


def calling_of(options: CallerOptions, namespace: str) -> Calling:
    """How the calls are made; ``namespace``: of the service."""
    from meshglobal.app.call_ports import DEFAULT_IMAGE
    from meshglobal.app.drill_source import Calling
    from meshglobal.domain.call import Method
    from meshglobal.domain.call_identity import parse_identify
    from meshglobal.domain.call_order import CallOrder, checked_header, checked_image, checked_path, checked_rate
    from meshglobal.settings import seconds

    ways = {"auto": None, "exec": Method.EXEC, "ephemeral": Method.EPHEMERAL}
    if options.method not in ways:
        raise UsageError(f"--method {options.method!r} is none of {', '.join(ways)}")
    identify = parse_identify(options.identify)
    order = CallOrder(
        host="",
        port=0,
        path=checked_path(options.path),
        mark="",
        headers=tuple(checked_header(one) for one in options.header),
        rate=checked_rate(options.rate),
        max_time=seconds(options.max_time, "--max-time"),
        keeps_body=identify.body is not None,
    )
    image = checked_image(options.image) if options.image else DEFAULT_IMAGE
    return Calling(order, _caller(options, namespace), identify, ways[options.method], image, options.port)


def _caller(options: CallerOptions, namespace: str) -> CallerWish:
    """``--from`` is a pod's name, unless it could only be a selector."""
    from meshglobal.domain.call_source import CallerWish

    place, wanted = options.from_namespace or namespace, options.source
    if wanted is None:
        return CallerWish(place)
    if any(sign in wanted for sign in "=!(, "):
        return CallerWish(place, selector=wanted)
    return CallerWish(place, name=wanted.removeprefix("pod/").removeprefix("pods/"))
