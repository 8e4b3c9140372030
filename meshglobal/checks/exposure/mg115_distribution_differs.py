"""The traffic distribution differs between clusters.

Each caller's cluster follows the value on its own Service, so the same request is routed differently by where it
comes from. That may be meant. The command gives all of them the mode that most have, and of several the one of the
first cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import by_service, grouped, prevailing, published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.distribution import DEFAULT_MODE, MODES, canonical_mode, mode_of
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import TRAFFIC_DISTRIBUTION
from meshglobal.domain.objects import Service

CHECK = Check(
    code="MG115",
    slug="distribution-differs",
    title="The traffic distribution differs between clusters",
    level=Level.WARNING,
    summary="traffic distribution differs between clusters: {values}",
    remedy=(
        "meshglobal expose svc {service} -n {namespace} --context {contexts} --traffic-distribution {mode} --overwrite"
    ),
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R29",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All clusters that publish the service are compared at once."""
    for key, together in by_service(published_of(mesh)):
        if len({mode_of(one.service) for one in together}) == 1:
            continue  # as nearly always
        values = {one.context: _mode(one.service) for one in together}
        if len(set(values.values())) > 1:
            mode = prevailing(values)
            found = CHECK.finding(
                key=key,
                values=grouped(values),
                mode=mode,
                contexts=",".join(sorted(context for context, value in values.items() if value != mode)),
                evidence=tuple(one.seen(TRAFFIC_DISTRIBUTION) for one in together),
            )
            yield found if mode in MODES else mended_by(found)


def _mode(service: Service) -> str:
    mode = mode_of(service) or DEFAULT_MODE
    return canonical_mode(mode) or mode
