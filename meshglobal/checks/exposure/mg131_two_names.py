"""Two published services look like one that was named differently in two clusters.

Namespace and name are what joins a service across clusters. Under two names there are two hosts, and each has the
endpoints of its own clusters only. It is said only where no cluster has both, their ports are the same, and the names
differ by a separator or by one slip in a long word. The command (for bash and zsh) adds the name that more clusters
have, of two such the first, where only the other is: a new Service with the same selector, ports and scope. Nothing is
taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by, quoted
from meshglobal.domain import kinds
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.labels import BY_NAME
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.twins import twins_among

CHECK = Check(
    code="MG131",
    slug="two-names",
    title="A service may be named differently in two clusters",
    level=Level.WARNING,
    summary="{one} in {ones} and {other} in {others} look like one service under two names: they share no host",
    remedy="kubectl --context {context_of_one} apply -f - <<< {document}",
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
        wanted, present, contexts = twins.one, twins.other, twins.others
        if len(twins.ones) < len(twins.others):
            wanted, present, contexts = twins.other, twins.one, twins.ones
        found = CHECK.finding(
            key=twins.one if twins.one in asked else twins.other,
            one=twins.one,
            ones=", ".join(twins.ones),
            other=twins.other,
            others=", ".join(twins.others),
            context_of_one=contexts[0],
            document=quoted(_named(wanted, _service(mesh, contexts[0], present))),
            evidence=tuple(
                Evidence(context=contexts[0], kind="Service", namespace=key.namespace, name=key.name)
                for key, contexts in ((twins.one, twins.ones), (twins.other, twins.others))
            ),
        )
        yield found if twins.one.namespace == twins.other.namespace else mended_by(found)


def _service(mesh: Mesh, context: str, key: ServiceKey) -> Service:
    return next(view.services[key] for view in mesh.views if view.context == context)


def _named(key: ServiceKey, like: Service) -> dict[str, Any]:
    """A Service under another name that selects, listens and is published like one that there is."""
    metadata = msgspec.to_builtins(like.metadata)
    kept = {
        section: {name: value for name, value in (metadata.get(section) or {}).items() if name in BY_NAME}
        for section in ("labels", "annotations")
    }
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": key.name,
            "namespace": key.namespace,
            **{name: some for name, some in kept.items() if some},
        },
        "spec": {"selector": like.spec.selector, "ports": msgspec.to_builtins(like.ports)},
    }
