"""PodDisruptionBudgets: how many of their pods are healthy, how many must be, how many may be evicted now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.apiserver.selectors import selects
from meshglobal.sandbox.controllers.amounts import scaled
from meshglobal.sandbox.controllers.conditions import is_true, merged
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf, itself
from meshglobal.sandbox.controllers.ownership import controller_of, labels_of
from meshglobal.sandbox.controllers.replica_sets import is_alive
from meshglobal.sandbox.controllers.rollout import wanted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from meshglobal.sandbox.controllers.picture import Event

BUDGETS, PODS, REPLICA_SETS = "poddisruptionbudgets.policy", "pods", "replicasets.apps"


def budget_status(budget: JSON, pods: Iterable[JSON], size_of: Callable[[JSON], int], now: dt.datetime) -> JSON:
    """Return the status of a budget.

    Args:
        budget: the PodDisruptionBudget.
        pods: the pods of its namespace.
        size_of: from the controller reference of a pod to how many pods that controller wants.
        now: the time for a condition that changes.
    """
    selector = budget["spec"].get("selector")
    covered = [each for each in pods if selects(selector, labels_of(each)) and is_alive(each)]
    expected, desired = _expected_and_desired(budget, covered, size_of)
    healthy = sum(is_true(each, "Ready") for each in covered)
    allowed = max(0, healthy - desired) if expected else 0
    condition = {
        "type": "DisruptionAllowed",
        "status": "True" if allowed else "False",
        "reason": "SufficientPods" if allowed else "InsufficientPods",
        "message": "",
        "observedGeneration": metadata(budget).get("generation", 1),
    }
    old = (budget.get("status") or {}).get("conditions") or []
    return {
        "conditions": [merged(old, condition, now)],
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "disruptionsAllowed": allowed,
        "expectedPods": expected,
        "observedGeneration": metadata(budget).get("generation", 1),
    }


def _expected_and_desired(budget: JSON, pods: list[JSON], size_of: Callable[[JSON], int]) -> tuple[int, int]:
    """Return (expectedPods, desiredHealthy); a share, or maxUnavailable, is taken of what the controllers want."""
    least, most = budget["spec"].get("minAvailable"), budget["spec"].get("maxUnavailable")
    if isinstance(least, int):
        return len(pods), least
    controllers = {owner["uid"]: owner for each in pods if (owner := controller_of(each))}
    expected = sum(size_of(each) for each in controllers.values())
    if most is not None:
        return expected, max(0, expected - scaled(most, expected, rounds_up=True))
    return expected, scaled(least or 0, expected, rounds_up=True)


class Budgets:
    """Keeps the status of each budget current."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.watches: Mapping[str, KeysOf] = {BUDGETS: itself, PODS: self._covering, REPLICA_SETS: self._near}

    def reconcile(self, key: Key) -> None:
        """Write the status of one budget."""
        picture = self._cluster.picture
        budget = picture.get(BUDGETS, *key)
        if budget is None:
            return
        status = budget_status(budget, picture.within(PODS, key[0]), self._size_in(key[0]), self._cluster.now())
        # What an eviction has noted about pods that are on their way out belongs to the API server.
        noted = {name: value for name, value in (budget.get("status") or {}).items() if name == "disruptedPods"}
        self._cluster.write_status(BUDGETS, budget, noted | status)

    def _size_in(self, namespace: str) -> Callable[[JSON], int]:
        def size(owner: JSON) -> int:
            found = self._cluster.picture.get(REPLICA_SETS, namespace, owner["name"])
            return wanted(found) if found is not None and owner["kind"] == "ReplicaSet" else 1

        return size

    def _near(self, event: Event) -> list[Key]:
        namespace = namespace_of(event.obj)
        return [(namespace, name_of(each)) for each in self._cluster.picture.within(BUDGETS, namespace)]

    def _covering(self, event: Event) -> list[Key]:
        return self._near(event)
