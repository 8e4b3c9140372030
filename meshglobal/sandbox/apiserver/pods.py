"""Subresources of pods that are no part of the object and run nothing: eviction, and proxy, which is not served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, deletion, problems
from meshglobal.sandbox.apiserver.answers import document
from meshglobal.sandbox.apiserver.exchange import Response
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of
from meshglobal.sandbox.apiserver.selectors import selects

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.call import Call

_DONE = ("Succeeded", "Failed")
_BUDGETS = "poddisruptionbudgets.policy"


def proxy(call: Call) -> Response:
    """Refuse to pass requests on to a pod (400, 404): use portforward."""
    pod = call.found().obj
    raise problems.bad_request(f"pod {name_of(pod)} runs on a node of the sandbox, which passes no requests on")


def evict(call: Call) -> Response:
    """Delete a pod unless a disruption budget forbids it; raises ApiError (400, 404, 429)."""
    eviction = bodies.decode(call.request, "Eviction")
    if name_of(eviction) and name_of(eviction) != call.route.name:
        raise problems.bad_request("name in URL does not match name in Eviction object")
    options = deletion.options_of(eviction.get("deleteOptions") or {}, call.request.query)
    pod = call.found().obj
    if not _may_always_go(pod):
        _check_budgets(call, pod)
    is_dry_run = options.is_dry_run or call.write().is_dry_run
    if not is_dry_run:
        deletion.delete(call.state, call.resource, call.key, options)
    done = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
    return document(done, call.form, 201)


def _may_always_go(pod: JSON) -> bool:
    return (pod.get("status") or {}).get("phase") in (*_DONE, "Pending") or bool(metadata(pod).get("deletionTimestamp"))


def _check_budgets(call: Call, pod: JSON) -> None:
    labels = metadata(pod).get("labels") or {}
    for entry in call.state.store.all(_BUDGETS, call.namespace):
        spec, status = entry.obj.get("spec") or {}, entry.obj.get("status") or {}
        if not selects(spec.get("selector"), labels):
            continue
        if status.get("observedGeneration", 0) < metadata(entry.obj).get("generation", 0):
            raise _not_yet(name_of(entry.obj))
        if status.get("disruptionsAllowed", 0) <= 0:
            raise _too_many(name_of(entry.obj), status)


def _not_yet(budget: str) -> problems.ApiError:
    text = "Cannot evict pod as it would violate the pod's disruption budget."
    why = f"The disruption budget {budget} is still being processed by the server."
    return problems.ApiError(
        429, "TooManyRequests", text, causes=[problems.Cause("DisruptionBudget", "", why)], retry_after=10
    )


def _too_many(budget: str, status: JSON) -> problems.ApiError:
    text = "Cannot evict pod as it would violate the pod's disruption budget."
    counts = f"needs {status.get('desiredHealthy', 0)} healthy pods and has {status.get('currentHealthy', 0)} currently"
    why = f"The disruption budget {budget} {counts}"
    return problems.ApiError(429, "TooManyRequests", text, causes=[problems.Cause("DisruptionBudget", "", why)])
