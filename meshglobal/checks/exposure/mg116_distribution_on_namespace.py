"""The Namespace is annotated with a traffic distribution, and the published Service is not.

The annotation is documented for Services. That one on a Namespace counts is not, so do not rely on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.exposure.local import published_of
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.distribution import canonical_mode, mode_of
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import TRAFFIC_DISTRIBUTION
from meshglobal.domain.objects import Namespace

CHECK = Check(
    code="MG116",
    slug="distribution-on-namespace",
    title="The traffic distribution stands on the Namespace only",
    level=Level.WARNING,
    summary="the traffic distribution {value} stands on the Namespace only, where it is not documented to count",
    remedy="meshglobal expose svc {service} -n {namespace} --context {context} --traffic-distribution {mode}",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R30",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Not where the Service has a mode of its own."""
    for one in published_of(mesh):
        namespace = one.view.namespaces.get(one.key.namespace, Namespace())
        value = namespace.metadata.annotation(TRAFFIC_DISTRIBUTION)
        if value is not None and mode_of(one.service) is None:
            seen = Evidence(
                context=one.context,
                kind="Namespace",
                name=one.key.namespace,
                field=f"metadata.annotations[{TRAFFIC_DISTRIBUTION}]",
                value=value,
            )
            mode = canonical_mode(value) or "Any"
            yield CHECK.finding(context=one.context, key=one.key, value=value, mode=mode, evidence=(seen,))
