"""The small picture of the mesh that a check may see: what was read, what must exist, what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.domain.call import CallSeen
from meshglobal.domain.drill_seen import DrillSeen
from meshglobal.domain.expectation import Expectation, ExpectedEntry
from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.domain.verdict import Verdict
from meshglobal.domain.view import ClusterView
from meshglobal.domain.waivers import Waiver


@dataclass(frozen=True, eq=False)
class Mesh:
    """A joined snapshot.

    Attributes:
        views: the clusters, indexed.
        expectation: which entries must exist, and why.
        verdicts: what is said of each global host in each cluster.
        keys: the services that were asked for, sorted; none where the clusters themselves were.
        istio_namespace: where the control plane lives.
        expired: waivers whose last day is over.
        calls: what came of calls to them, for `call` alone.
        drills: what came of taking copies away, for `drill` alone.
        is_fleet: whether the clusters themselves are asked about, as by `check`.
    """

    views: Sequence[ClusterView]
    expectation: Expectation
    verdicts: Sequence[Verdict]
    keys: Sequence[ServiceKey]
    istio_namespace: str = ISTIO_NAMESPACE
    expired: Sequence[Waiver] = ()
    is_fleet: bool = False
    calls: Sequence[CallSeen] = ()
    drills: Sequence[DrillSeen] = ()

    def expected_of(self, context: str, key: ServiceKey) -> list[ExpectedEntry]:
        """The entries that must stand in a cluster for one service."""
        return self.expectation.of(context, key)
