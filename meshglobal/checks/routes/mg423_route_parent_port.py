"""An HTTPRoute hangs on a port that the generated ServiceEntry does not have.

The port stands in `sectionName`, as text, or in `port`. A route on a port that is not there is in effect for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.checks.routes.publishing import without_remedy
from meshglobal.checks.routes.targets import parents_of
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.route_objects import ParentRef

CHECK = Check(
    code="MG423",
    slug="route-parent-port",
    title="An HTTPRoute hangs on a port that the entry does not have",
    level=Level.ERROR,
    summary="{where} hangs on port {port} of ServiceEntry {entry}, whose ports are {ports}",
    remedy="kubectl --context {context} -n {object_namespace} patch httproute {object} --type=json -p {patch}",
    needs=(kinds.HTTP_ROUTE, kinds.SERVICE_ENTRY, kinds.NAMESPACE, kinds.SERVICE, kinds.SEGMENT),
    rule="R39",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """A section that is no number may be the name of a port; what the names are is not verified."""
    for one in parents_of(mesh):
        if not (one.is_entry and isinstance(one.ref, ParentRef) and is_asked(mesh, one.key)) or one.entry is None:
            continue
        ports = {port.number for port in one.entry.spec.ports or ()}
        wanted = {
            port.number for entry in mesh.expected_of(one.view.context, one.key) for p in entry.ports for port in p
        }
        for member, port in _written(one.ref):
            if ports and port not in ports | wanted:
                right = next(iter(ports)) if len(ports) == 1 else None
                value = str(right) if member == "sectionName" else right
                found = CHECK.finding(
                    context=one.view.context,
                    key=one.key,
                    port=port,
                    ports=", ".join(map(str, sorted(ports))),
                    patch=one.field.patch(("name", one.ref.name), {member: value}),
                    evidence=(one.field.seen(member, port, right),),
                    **one.words,
                )
                yield found if right is not None else without_remedy(found)


def _written(ref: ParentRef) -> Iterator[tuple[str, int]]:
    if ref.section_name is not None and ref.section_name.isascii() and ref.section_name.isdigit():
        yield "sectionName", int(ref.section_name)
    if ref.port is not None:
        yield "port", ref.port
