"""Two published services look like one that was named differently in two clusters.

Namespace and name are what joins a service across clusters. Under two names there are two hosts, and each has the
endpoints of its own clusters only. It is said only where no cluster has both, their ports are the same, and the names
differ by a separator or by one slip in a long word.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.twins import twins_among

CHECK = Check(
    code="MG131",
    slug="two-names",
    title="A service may be named differently in two clusters",
    level=Level.WARNING,
    summary="{one} in {ones} and {other} in {others} look like one service under two names: they share no host",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Pairs among the services that were asked for."""
    for twins in twins_among(mesh.views, mesh.keys):
        yield CHECK.finding(
            key=twins.one,
            one=twins.one,
            ones=", ".join(twins.ones),
            other=twins.other,
            others=", ".join(twins.others),
            evidence=tuple(
                Evidence(context=contexts[0], kind="Service", namespace=key.namespace, name=key.name)
                for key, contexts in ((twins.one, twins.ones), (twins.other, twins.others))
            ),
        )
