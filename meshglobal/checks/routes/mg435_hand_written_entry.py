"""A ServiceEntry that somebody wrote has a host in a domain of the mesh, where the control plane generates the entries.

Beside a generated entry it is not documented which of the two callers reach. Without one the host is what was written,
whatever clusters publish: it does not follow the service. Entries that a controller owns or keeps are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import global_host_in, is_asked
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.domain import kinds
from meshglobal.domain.fields import Field, Step
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import SplitHost
from meshglobal.domain.objects import ServiceEntry
from meshglobal.domain.references import Named, written_hosts

CHECK = Check(
    code="MG435",
    slug="hand-written-entry",
    title="A ServiceEntry written by hand has a global host",
    level=Level.WARNING,
    summary="{where} was not generated and has the global host {host}, {beside}",
    remedy="kubectl --context {context} -n {object_namespace} delete serviceentry {object}",
    needs=(kinds.SERVICE_ENTRY, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R8, R11",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Deleting it is safe where the generated entry has the host too, and it has no other."""
    for one, host in _written(mesh):
        generated = sorted(entry.name for entry in one.field.view.entries.get(one.host.casefold(), []))
        found = CHECK.finding(
            context=one.field.context,
            key=host.key,
            where=one.field.where,
            host=one.host,
            beside=f"beside {', '.join(generated)}" if generated else "which no generated entry has",
            object=one.field.object.name,
            object_namespace=one.field.object.namespace,
            evidence=(one.field.seen(one.member, one.host),),
        )
        yield found if generated and not one.has_neighbours else without_remedy(found)


class _Written(NamedTuple):
    field: Field
    member: Step
    host: str
    has_neighbours: bool


def _written(mesh: Mesh) -> Iterator[tuple[_Written, SplitHost]]:
    """The hosts of such entries, where those of all namespaces are read: elsewhere nobody asked for them."""
    for view in mesh.views:
        is_asked_for = view.cluster.has_read(kinds.SERVICE_ENTRY)
        for one in written_hosts(view) if is_asked_for else ():
            host = global_host_in(mesh, one.host)
            if host is not None and is_asked(mesh, host.key):
                yield _Written(*one, has_neighbours=_has_neighbours(one)), host


def _has_neighbours(one: Named) -> bool:
    return isinstance(one.field.object, ServiceEntry) and len(one.field.object.hosts) > 1
