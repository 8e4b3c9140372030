"""What a table says about a pod: how many containers are ready, what state it is in, how often they were restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.durations import since

if TYPE_CHECKING:
    import datetime as dt

    from meshglobal.sandbox.apiserver.objects import JSON


def ready(pod: JSON) -> str:
    """Ready containers of all, `1/2`."""
    containers = pod["spec"].get("containers") or []
    return f"{sum(bool(each.get('ready')) for each in _statuses(pod))}/{len(containers)}"


def status(pod: JSON) -> str:
    """The pod's state in a word: its phase, or what keeps it from running."""
    found = pod.get("status") or {}
    reason = found.get("reason") or found.get("phase") or "Unknown"
    for each in reversed(_statuses(pod)):
        reason = _state(each) or reason
    if reason == "Completed" and any(
        each.get("ready") and "running" in each.get("state", {}) for each in _statuses(pod)
    ):
        is_ready = any(each["type"] == "Ready" and each["status"] == "True" for each in found.get("conditions") or [])
        reason = "Running" if is_ready else "NotReady"
    if pod["metadata"].get("deletionTimestamp"):
        return "Unknown" if found.get("reason") == "NodeLost" else "Terminating"
    return str(reason)


def restarts(pod: JSON, now: dt.datetime) -> str:
    """How often containers were restarted, and when last: `3 (2m ago)`."""
    total = sum(each.get("restartCount", 0) for each in _statuses(pod))
    ends = [each.get("lastState", {}).get("terminated", {}).get("finishedAt") for each in _statuses(pod)]
    last = max((end for end in ends if end), default=None)
    return f"{total} ({since(last, now)} ago)" if total and last else str(total)


def gates(pod: JSON) -> str:
    """Readiness gates that are open, `1/2`, `<none>` without any."""
    wanted = [each["conditionType"] for each in pod["spec"].get("readinessGates") or []]
    if not wanted:
        return "<none>"
    held = {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions") or []}
    return f"{sum(held.get(gate) == 'True' for gate in wanted)}/{len(wanted)}"


def conditions(pod: JSON) -> list[JSON]:
    """The conditions of the pod's row: that it has ended, and how."""
    phase, message = pod.get("status", {}).get("phase"), None
    if phase == "Succeeded":
        message = "The pod has completed successfully."
    elif phase == "Failed":
        message = "The pod failed."
    return [{"type": "Completed", "status": "True", "reason": phase, "message": message}] if message else []


def _statuses(pod: JSON) -> list[JSON]:
    found: list[JSON] = pod.get("status", {}).get("containerStatuses") or []
    return found


def _state(container: JSON) -> str:
    state: dict[str, Any] = container.get("state") or {}
    if reason := (state.get("waiting") or {}).get("reason"):
        return str(reason)
    if "terminated" not in state:
        return ""
    ended = state["terminated"]
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode', 0)}"
