"""PreferSameZone and PreferSameNode are modes of upstream Istio.

Whether the Solo distribution takes them is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.distribution import UPSTREAM_MODES, canonical_mode, mode_of
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import TRAFFIC_DISTRIBUTION

CHECK = Check(
    code="MG113",
    slug="distribution-upstream-only",
    title="The traffic distribution is known from upstream Istio only",
    level=Level.WARNING,
    summary="networking.istio.io/traffic-distribution={value} is known from upstream Istio only",
    remedy=(
        "meshglobal expose svc {service} -n {namespace} --context {context} "
        "--traffic-distribution PreferClose --overwrite"
    ),
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R28",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """A mode of upstream."""
    for one in published_of(mesh):
        mode = mode_of(one.service)
        if mode is not None and canonical_mode(mode) in UPSTREAM_MODES:
            evidence = (one.seen(TRAFFIC_DISTRIBUTION),)
            yield CHECK.finding(context=one.context, key=one.key, value=mode, evidence=evidence)
