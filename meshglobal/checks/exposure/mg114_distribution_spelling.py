"""The mode is recognised in any letter case by upstream's annotation, but nobody says so for the Solo distribution."""

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
    code="MG114",
    slug="distribution-spelling",
    title="The traffic distribution is not in the canonical spelling",
    level=Level.WARNING,
    summary="networking.istio.io/traffic-distribution={value} is not in the canonical spelling {mode}",
    remedy=(
        "meshglobal expose svc {service} -n {namespace} --context {context} --traffic-distribution {mode} --overwrite"
    ),
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R28",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Another letter case."""
    for one in published_of(mesh):
        mode = mode_of(one.service)
        canonical = canonical_mode(mode) if mode is not None else None
        if canonical in MODES and canonical != mode:
            evidence = (one.seen(TRAFFIC_DISTRIBUTION, canonical),)
            yield CHECK.finding(context=one.context, key=one.key, value=mode, mode=canonical, evidence=evidence)
