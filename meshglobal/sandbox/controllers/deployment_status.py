"""The status of a Deployment: counters of its ReplicaSets, and the conditions Available and Progressing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, timestamp
from meshglobal.sandbox.controllers.conditions import condition, merged, seconds_since
from meshglobal.sandbox.controllers.rollout import least_available, reported, wanted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_DONE = "NewReplicaSetAvailable"
_LATE = "ProgressDeadlineExceeded"
_PAUSED = "DeploymentPaused"


def deployment_status(deployment: JSON, new: JSON | None, old: Sequence[JSON], now: dt.datetime) -> JSON:
    """Return the status that a Deployment must have with these ReplicaSets; zero counters are left out."""
    before = deployment.get("status") or {}
    status = _counters(new, old) | {"observedGeneration": metadata(deployment).get("generation", 1)}
    if before.get("collisionCount"):
        status["collisionCount"] = before["collisionCount"]
    found = (
        _available(deployment, status),
        _progressing(deployment, status, new, now),
        _failure([*old, new] if new else old),
    )
    known = before.get("conditions")
    conditions = [merged(known, each, now, has_update_time=True) for each in found if each]
    return status | {"conditions": conditions}


def seconds_to_deadline(deployment: JSON, now: dt.datetime) -> float | None:
    """Return when a rollout that goes on will be late (spec.progressDeadlineSeconds), None where none goes on."""
    progress = condition((deployment.get("status") or {}).get("conditions"), "Progressing")
    if progress is None or progress["reason"] in {_DONE, _LATE, _PAUSED} or deployment["spec"].get("paused"):
        return None
    return max(0.0, _deadline(deployment) - seconds_since(progress["lastUpdateTime"], now))


def _counters(new: JSON | None, old: Sequence[JSON]) -> JSON:
    every = [*old, new] if new else list(old)
    available = sum(reported(each, "availableReplicas") for each in every)
    counts = {
        "replicas": sum(reported(each, "replicas") for each in every),
        "updatedReplicas": reported(new, "replicas") if new else 0,
        "readyReplicas": sum(reported(each, "readyReplicas") for each in every),
        "availableReplicas": available,
        "unavailableReplicas": max(0, sum(wanted(each) for each in every) - available),
    }
    shown: JSON = {key: count for key, count in counts.items() if count}
    return shown | {"terminatingReplicas": sum(reported(each, "terminatingReplicas") for each in every)}


def _available(deployment: JSON, status: JSON) -> JSON:
    if status.get("availableReplicas", 0) >= least_available(deployment):
        return _condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    text = "Deployment does not have minimum availability."
    return _condition("Available", "False", "MinimumReplicasUnavailable", text)


def _progressing(deployment: JSON, status: JSON, new: JSON | None, now: dt.datetime) -> JSON | None:
    """Return the condition Progressing, or None where nothing has begun."""
    before = condition((deployment.get("status") or {}).get("conditions"), "Progressing")
    if deployment["spec"].get("paused"):
        return _condition("Progressing", "Unknown", _PAUSED, "Deployment is paused")
    if new is None:
        return before
    if _is_complete(deployment, status):
        text = f'ReplicaSet "{name_of(new)}" has successfully progressed.'
        return _condition("Progressing", "True", _DONE, text)
    if before is None:
        return _condition("Progressing", "True", "NewReplicaSetCreated", f'Created new replica set "{name_of(new)}"')
    return _under_way(deployment, status, f'ReplicaSet "{name_of(new)}"', before, now)


def _under_way(deployment: JSON, status: JSON, subject: str, before: JSON, now: dt.datetime) -> JSON:
    """Return the condition of a rollout that is neither beginning nor complete."""
    if _has_moved(deployment.get("status") or {}, status) or before["reason"] in {_DONE, _PAUSED}:
        moving = _condition("Progressing", "True", "ReplicaSetUpdated", f"{subject} is progressing.")
        return moving | {"lastUpdateTime": timestamp(now)}  # each step forward gives the rollout its deadline anew
    if before["reason"] != _LATE and seconds_since(before["lastUpdateTime"], now) >= _deadline(deployment):
        return _condition("Progressing", "False", _LATE, f"{subject} has timed out progressing.")
    return before


def _failure(replica_sets: Sequence[JSON]) -> JSON | None:
    """Return what a ReplicaSet says about pods that it could not create."""
    found = (condition((each.get("status") or {}).get("conditions"), "ReplicaFailure") for each in replica_sets)
    return next(
        (_condition("ReplicaFailure", each["status"], each["reason"], each["message"]) for each in found if each), None
    )


def _is_complete(deployment: JSON, status: JSON) -> bool:
    counts = ("updatedReplicas", "replicas", "availableReplicas")
    return all(status.get(count, 0) == wanted(deployment) for count in counts)


def _has_moved(before: JSON, after: JSON) -> bool:
    """Whether there are more updated, ready or available pods than before, or fewer old ones."""

    def old_pods(status: JSON) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    rising = ("updatedReplicas", "readyReplicas", "availableReplicas")
    return old_pods(after) < old_pods(before) or any(after.get(key, 0) > before.get(key, 0) for key in rising)


def _deadline(deployment: JSON) -> float:
    return float(deployment["spec"].get("progressDeadlineSeconds", 600))


def _condition(kind: str, status: str, reason: str, message: str) -> JSON:
    return {"type": kind, "status": status, "reason": reason, "message": message}
