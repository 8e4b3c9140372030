"""Two published services look like one that was named differently in two clusters.

Namespace and name are what joins a service across clusters. Under two names there are two hosts, and each has the
endpoints of its own clusters only. It is said only where no cluster has both, their ports are the same, and the names
differ by a separator or by one slip in a long word. The command adds the name that more clusters have, of two
such the first, where only the other is: a new Service with the same selector, ports and labels. Nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.twins import twins_among

CHECK = Check(
    code="MG131",
    slug="two-names",
    title="A service may be named differently in two clusters",
    level=Level.WARNING,
    summary="{one} in {ones} and {other} in {others} look like one service under two names: they share no host",
    remedy="kubectl --context {context_of_one} -n {namespace} expose service {present} --name {wanted}",
    needs=(kinds.SERVICE, kinds.NAMESPACE, kinds.SEGMENT),
    rule="R6",
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """Pairs of which one was asked for, among what is published in the same namespaces."""
    asked = set(mesh.keys)
    namespaces = {key.namespace for key in asked}
    published = {one.key for one in mesh.expectation.publications if one.key.namespace in namespaces}
    for twins in twins_among(mesh.views, sorted(asked | published)):
        if twins.one not in asked and twins.other not in asked:
            continue
        is_first = len(twins.ones) >= len(twins.others)
        found = CHECK.finding(
            key=twins.one if twins.one in asked else twins.other,
            one=twins.one,
            ones=", ".join(twins.ones),
            other=twins.other,
            others=", ".join(twins.others),
            context_of_one=(twins.others if is_first else twins.ones)[0],
            present=(twins.other if is_first else twins.one).name,
            wanted=(twins.one if is_first else twins.other).name,
            evidence=tuple(
                Evidence(context=contexts[0], kind="Service", namespace=key.namespace, name=key.name)
                for key, contexts in ((twins.one, twins.ones), (twins.other, twins.others))
            ),
        )
        yield found if twins.one.namespace == twins.other.namespace else mended_by(found)
