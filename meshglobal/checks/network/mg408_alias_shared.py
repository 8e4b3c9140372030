"""The alias patterns of Segments give one host to several services, or a host that is a service's own.

Which of the services a caller then reaches is not documented. A pattern that names both the service and its namespace
gives each service a host of its own; a selector keeps services out.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import labelled
from meshglobal.checks.routes.hosts import is_asked
from meshglobal.domain import kinds
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.segment_aliases import Alias, expected_aliases

CHECK = Check(
    code="MG408",
    slug="alias-shared",
    title="Several services have the same alias",
    level=Level.WARNING,
    summary="the alias {alias} stands for {services}",
    remedy="",
    needs=(kinds.SEGMENT, kinds.SERVICE, kinds.NAMESPACE),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """One finding an alias, for the first of the services that was asked for."""
    by_host: dict[str, list[Alias]] = {}
    for alias in expected_aliases(mesh.views, mesh.expectation, mesh.istio_namespace):
        by_host.setdefault(alias.host, []).append(alias)
    owners = _owners(mesh)
    for host, aliases in by_host.items():
        keys = sorted({alias.key for alias in aliases} | owners.get(host, set()))
        asked = [key for key in keys if is_asked(mesh, key)]
        if len(keys) > 1 and asked:
            views = {view.context: view for view in mesh.views}
            yield CHECK.finding(
                key=asked[0],
                alias=host,
                services=", ".join(map(str, keys)),
                evidence=tuple(labelled(views[min(alias.contexts)], mesh) for alias in aliases),
            )


def _owners(mesh: Mesh) -> dict[str, set[ServiceKey]]:
    """Whose own global host a host is."""
    found: dict[str, set[ServiceKey]] = {}
    for publication in mesh.expectation.publications:
        if publication.host is not None:
            found.setdefault(publication.host, set()).add(publication.key)
    return found
