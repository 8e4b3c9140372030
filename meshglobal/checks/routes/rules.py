"""What DestinationRules and VirtualServices name, and does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import is_asked, lost_host, text_of
from meshglobal.checks.routes.meant import meant_host
from meshglobal.checks.routes.publishing import exposing
from meshglobal.domain.fields import Spot, replacement
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import SplitHost
from meshglobal.domain.references import Named


def lost_among(mesh: Mesh, named: Iterator[Named], check: Check) -> Iterator[Finding]:
    """A finding for each object and host that certainly does not exist; it names the host that was meant, if any."""
    together: dict[tuple[int, str], list[Named]] = {}
    for one in named:
        together.setdefault((id(one.field.object), one.host), []).append(one)
    for alike in together.values():
        view, text = alike[0].field.view, alike[0].host
        host = lost_host(mesh, view, text)
        meant = meant_host(mesh, view, host) if host is not None else None
        if host is not None and is_asked(mesh, (meant or host).key):
            found = _finding(check, alike, host, meant)
            yield found if meant is not None else exposing(mesh, found, host)


def _finding(check: Check, alike: list[Named], host: SplitHost, meant: SplitHost | None) -> Finding:
    field, text = alike[0].field, alike[0].host
    right = text_of(meant) if meant is not None else ""
    return check.finding(
        context=field.context,
        key=(meant or host).key,
        where=field.where,
        host=text,
        instead=f"{right} does" if right else "no ServiceEntry has it",
        object=field.object.name,
        object_namespace=field.object.namespace,
        patch=replacement((Spot(one.field, one.member) for one in alike), text, right),
        evidence=tuple(one.field.seen(one.member, text, right or None) for one in alike),
    )
