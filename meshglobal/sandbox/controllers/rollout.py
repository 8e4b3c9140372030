"""How many pods each ReplicaSet of a Deployment may have at this moment of a rollout.

The rules of the real Deployment controller: never more than `replicas + maxSurge` pods in all, never fewer than
`replicas - maxUnavailable` available ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of
from meshglobal.sandbox.controllers.amounts import scaled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def wanted(workload: JSON) -> int:
    """Return spec.replicas of a Deployment or ReplicaSet."""
    return int(workload["spec"].get("replicas", 1))


def reported(workload: JSON, count: str) -> int:
    """Return a counter of the status (`availableReplicas`, ...), 0 where it is not there."""
    return int((workload.get("status") or {}).get(count) or 0)


def is_recreate(deployment: JSON) -> bool:
    """Whether the old pods must be gone before the first new one comes."""
    return bool((deployment["spec"].get("strategy") or {}).get("type") == "Recreate")


def surge_and_slack(deployment: JSON) -> tuple[int, int]:
    """Return (maxSurge, maxUnavailable) in pods; at least one of them is not 0, or nothing could move."""
    if is_recreate(deployment):
        return 0, wanted(deployment)
    rolling = (deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    surge = scaled(rolling.get("maxSurge", "25%"), wanted(deployment), rounds_up=True)
    slack = scaled(rolling.get("maxUnavailable", "25%"), wanted(deployment), rounds_up=False)
    return surge, (slack or (0 if surge else 1))


def least_available(deployment: JSON) -> int:
    """Return how many pods must stay available during a rollout."""
    slack = min(surge_and_slack(deployment)[1], wanted(deployment))
    return wanted(deployment) - slack


def size_of_new(deployment: JSON, new: int, others: Iterable[JSON]) -> int:
    """Return how many pods the newest ReplicaSet, which now asks for `new`, may ask for beside the others."""
    goal, old = wanted(deployment), sum(wanted(each) for each in others)
    if new >= goal:
        return goal
    if is_recreate(deployment):
        return goal
    room = goal + surge_and_slack(deployment)[0] - new - old
    return new + max(0, min(room, goal - new))


def sizes_of_old(deployment: JSON, new: JSON, old: Sequence[JSON]) -> dict[str, int]:
    """Return name -> number of pods that each older ReplicaSet may keep; unhealthy pods go first, oldest set first."""
    sizes = {name_of(each): wanted(each) for each in sorted(old, key=_age)}
    if is_recreate(deployment):
        return dict.fromkeys(sizes, 0)
    # A status may still count pods that the present size has given up already.
    available = {name_of(each): min(wanted(each), reported(each, "availableReplicas")) for each in old}
    least, of_new = least_available(deployment), min(wanted(new), reported(new, "availableReplicas"))
    spare = of_new + sum(sizes.values()) - least
    if spare <= 0:
        return sizes
    for name, size in sizes.items():
        unhealthy = max(0, min(size - available[name], spare))
        sizes[name], spare = size - unhealthy, spare - unhealthy
    spare = of_new + sum(available.values()) - least
    for name, size in sizes.items():
        surplus = max(0, min(size, spare))
        sizes[name], spare = size - surplus, spare - surplus
    return sizes


def _age(replica_set: JSON) -> tuple[str, str]:
    return str(metadata(replica_set).get("creationTimestamp", "")), name_of(replica_set)
