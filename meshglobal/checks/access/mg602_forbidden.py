"""The user may not read something that is needed.

The rules stand in the message as they belong into a Role of that namespace, or into a ClusterRole where objects of all
namespaces are read. `watch` is needed for waiting only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.checks.access.unread import evidence_of, unread
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.snapshot import Query

CHECK = Check(
    code="MG602",
    slug="forbidden",
    title="A kind may not be read",
    level=Level.UNKNOWN,
    summary="what is needed there: {rules}",
    remedy="",
    needs=(kinds.SERVICE, kinds.NAMESPACE),
)


@CHECK
def find(mesh: Mesh) -> Iterator[Finding]:
    """All rules of a cluster at once, so that they are asked for once."""
    for cluster, queries, gaps in unread(mesh, Cause.FORBIDDEN):
        yield CHECK.finding(context=cluster.context, rules=_rules(queries), evidence=evidence_of(cluster, gaps))


def _rules(queries: Sequence[Query]) -> str:
    places: dict[str | None, dict[str, set[str]]] = {}
    for query in queries:
        groups = places.setdefault(query.namespace if query.kind.is_namespaced else None, {})
        groups.setdefault(query.kind.group, set()).add(query.kind.plural)
    parts = []
    for namespace in sorted(places, key=lambda place: place or ""):
        role = f"a Role in {namespace}" if namespace is not None else "a ClusterRole"
        rules = [
            f"{{apiGroups: ['{group}'], resources: [{', '.join(sorted(plurals))}], verbs: [get, list, watch]}}"
            for group, plurals in sorted(places[namespace].items())
        ]
        parts.append(f"{role} with {', '.join(rules)}")
    return "; ".join(parts)
