"""What a pod's status says of containers that run programs. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON
from meshglobal.sandbox.controllers.conditions import merged

if TYPE_CHECKING:
    import datetime as dt

EPHEMERAL, ORDINARY = "ephemeralContainerStatuses", "containerStatuses"
_READY = ("Ready", "ContainersReady")


def with_state(status: JSON, kind: str, container: JSON, state: JSON) -> JSON:
    """Return a pod's status with the state of one container.

    Args:
        status: the status as it is.
        kind: the field that the container's status stands in.
        container: its spec.
        state: waiting, running or terminated.
    """
    image = container.get("image", "")
    shown: JSON = {"name": container["name"], "image": image, "imageID": image, "restartCount": 0, "lastState": {}}
    is_up = kind == ORDINARY and "running" in state
    shown |= {"ready": is_up, "state": state} | ({"started": is_up} if kind == ORDINARY else {})
    others = status.get(kind) or []
    if any(each["name"] == shown["name"] for each in others):
        return status | {kind: [shown if each["name"] == shown["name"] else each for each in others]}
    return status | {kind: [*others, shown]}


def settled(status: JSON, now: dt.datetime, *, is_restarted: bool) -> JSON:
    """Return a pod's status with what follows from its containers: whether it is ready, and how it ended.

    A pod that is not restarted has Succeeded or Failed when all its containers have ended.
    """
    ended = [(each.get("state") or {}).get("terminated") for each in status.get(ORDINARY) or ()]
    if not any(ended):
        return status
    reason, phase = "ContainersNotReady", status.get("phase")
    if not is_restarted and all(ended):
        is_fine = not any(each["exitCode"] for each in ended if each)
        reason, phase = ("PodCompleted", "Succeeded") if is_fine else ("PodFailed", "Failed")
    unready = {"status": "False", "lastProbeTime": None, "reason": reason}
    conditions = [
        merged(status["conditions"], {"type": each["type"]} | unready, now) if each["type"] in _READY else each
        for each in status.get("conditions") or ()
    ]
    return status | {"phase": phase, "conditions": conditions}
