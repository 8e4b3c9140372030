"""What is decided about a new object by looking at the rest of the cluster, before it is validated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import pod_admission, pod_security, problems, quota_admission
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State


def admitted(state: State, resource: Resource, obj: JSON, warnings: list[str]) -> JSON:
    """Return a new object as the cluster takes it, and add to the warnings; raises ApiError (403, 404)."""
    _check_namespace(state, resource, obj)
    if resource.key == "pods":
        obj = pod_admission.completed(state, obj)
    warnings.extend(pod_security.judged(state, resource, obj))
    quota_admission.check(state, resource, obj)
    return obj


def _check_namespace(state: State, resource: Resource, obj: JSON) -> None:
    """Refuse an object whose namespace is missing (404) or being terminated (403)."""
    if not resource.namespaced:
        return
    namespace = namespace_of(obj)
    entry = state.store.get("namespaces", ("", namespace))
    if entry is None:
        raise problems.not_found("namespaces", "", namespace)
    if metadata(entry.obj).get("deletionTimestamp"):
        raise _terminating(resource, obj, namespace)


def _terminating(resource: Resource, obj: JSON, namespace: str) -> problems.ApiError:
    why = f"unable to create new content in namespace {namespace} because it is being terminated"
    refusal = problems.forbidden(resource.plural, resource.group, name_of(obj), why)
    cause = problems.Cause("NamespaceTerminating", "metadata.namespace", f"namespace {namespace} is being terminated")
    refusal.causes = (cause,)
    return refusal
