"""The annotation's value is none of PreferNetwork, PreferClose, PreferRegion and Any, nor one of upstream Istio's.

Upstream logs an unknown value and treats it as Any, not as the default.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.distribution import MODES, canonical_mode, mode_of
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.labels import TRAFFIC_DISTRIBUTION

CHECK = Check(
    code="MG112",
    slug="distribution-unknown",
    title="The traffic distribution is no known mode",
    level=Level.WARNING,
    summary="networking.istio.io/traffic-distribution={value} is no known mode: it may act as Any",
    remedy=(
        "meshglobal expose svc {service} -n {namespace} --context {context} "
        "--traffic-distribution PreferNetwork --overwrite"
    ),
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R28",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """No mode, in any spelling."""
    for one in published_of(mesh):
        mode = mode_of(one.service)
        if mode is not None and canonical_mode(mode) is None:
            seen = (one.seen(TRAFFIC_DISTRIBUTION, " or ".join(MODES)),)
            yield CHECK.finding(context=one.context, key=one.key, value=mode, evidence=seen)
