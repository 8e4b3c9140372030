"""A published port has a name as its targetPort, and the control plane there is of a version that drops such ports.

It was mended in 1.28.6 and 1.29.2-patch0. The version is taken from the tag of istiod's image, else from its revision;
nothing is said where it is not known, where istiods of several versions run of which some are mended, or where the
generated entry does list the port. A number in place of the name does until the control plane is newer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import Local, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.builds import Build, build_of, drops_named_ports
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.fleet import control_planes
from meshglobal.domain.objects import ServicePort

CHECK = Check(
    code="MG224",
    slug="named-target-port",
    title="The control plane drops a port whose targetPort is a name",
    level=Level.WARNING,
    summary="port {port} has the targetPort {target!r}, a name: istiod {build} leaves such ports out of the entry",
    remedy="kubectl --context {context} -n {namespace} patch service {service} --type=json -p '{patch}'",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SERVICE_ENTRY, kinds.DEPLOYMENT, kinds.ENDPOINT_SLICE, kinds.SEGMENT),
    rule="R15",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Named targetPorts of published Services, where every istiod is too old."""
    builds = {view.context: _dropping(view.context, mesh) for view in mesh.views}
    for one in published_of(mesh):
        if (build := builds[one.context]) is None or not _is_entry_known(mesh, one):
            continue
        for place, port in enumerate(one.service.ports):
            if isinstance(port.target_port, str) and not _is_listed(mesh, one, port):
                yield _finding(one, build, place, port)


def _dropping(context: str, mesh: Mesh) -> Build | None:
    """The newest version of the istiods of a cluster, if all are known and too old."""
    view = next(view for view in mesh.views if view.context == context)
    builds = [build_of(one) for one in control_planes(view)]
    known = [build for build in builds if build is not None]
    return max(known) if known and len(known) == len(builds) and all(map(drops_named_ports, known)) else None


def _is_entry_known(mesh: Mesh, one: Local) -> bool:
    """Whether it can be told which entry stands for the service here: one that lists the port belies its version."""
    is_read = one.view.cluster.has_read(kinds.SERVICE_ENTRY, mesh.istio_namespace)
    return is_read and one.view.home.domain is not None


def _is_listed(mesh: Mesh, one: Local, port: ServicePort) -> bool:
    """Whether an entry for the service has the port, whatever its version should do."""
    return any(
        found.number == port.port
        for wanted in mesh.expected_of(one.context, one.key)
        for entry in one.view.entries.get(wanted.host, [])
        for found in entry.spec.ports or []
    )


def _finding(one: Local, build: Build, place: int, port: ServicePort) -> Finding:
    number = _number(one, port)
    change = [{"op": "replace", "path": f"/spec/ports/{place}/targetPort", "value": number}]
    found = CHECK.finding(
        context=one.context,
        key=one.key,
        port=port.port,
        target=port.target_port,
        build=build,
        patch=json.dumps(change),
        evidence=(_seen(one, place, port, number),),
    )
    return found if number is not None else msgspec.structs.replace(found, remedy="")


def _seen(one: Local, place: int, port: ServicePort, number: int | None) -> Evidence:
    seen = one.field(f"spec.ports[{place}].targetPort", str(port.target_port))
    return msgspec.structs.replace(seen, expected=str(number) if number is not None else "a number")


def _number(one: Local, port: ServicePort) -> int | None:
    """The number that the name stands for in all endpoints; None where they differ or there are none."""
    numbers = {
        found.port
        for piece in one.view.slices.get(one.key, [])
        for found in piece.ports or []
        if found.name == port.name
    }
    return numbers.pop() if len(numbers) == 1 else None
