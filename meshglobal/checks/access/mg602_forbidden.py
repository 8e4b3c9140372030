"""The user may not read something that is needed.

The rules stand in the message as they belong into a Role of that namespace, or into a ClusterRole where objects of all
namespaces are read. `watch` is needed for waiting only. `meshglobal rbac COMMAND` prints all that a command needs, as
roles to apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from meshglobal.checks.access.unread import evidence_of, unread
from meshglobal.checks.check import Check
from meshglobal.checks.mesh import Mesh
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.rights import Rule, rights_to_follow
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
        found = CHECK.finding(context=cluster.context, rules="", evidence=evidence_of(cluster, gaps))
        # Our own words, and of use only in full: not cut as what clusters say is.
        yield msgspec.structs.replace(found, message=CHECK.summary.format(rules=_rules(queries)))


def _rules(queries: Sequence[Query]) -> str:
    parts = []
    for place, rules in rights_to_follow(queries).items():
        role = f"a Role in {place}" if place is not None else "a ClusterRole"
        parts.append(f"{role} with {', '.join(map(_shown, rules))}")
    return "; ".join(parts)


def _shown(rule: Rule) -> str:
    names = f", resourceNames: [{', '.join(rule.names)}]" if rule.names else ""
    verbs = ", ".join(rule.verbs)
    return f"{{apiGroups: ['{rule.group}'], resources: [{', '.join(rule.resources)}]{names}, verbs: [{verbs}]}}"
