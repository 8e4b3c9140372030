"""Deleting objects: at once, or - held back by finalizers or a grace period - when nothing holds them any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, problems
from meshglobal.sandbox.apiserver.objects import JSON, timestamp
from meshglobal.sandbox.apiserver.options import number
from meshglobal.sandbox.apiserver.store import Entry, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.apiserver.exchange import Request
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""The finalizer that a CustomResourceDefinition waits with until its objects are gone."""
_FINALIZER_OF = {"Orphan": "orphan", "Foreground": "foregroundDeletion"}


@dataclass(frozen=True, slots=True)
class Options:
    """What a DELETE asks for, as in meta.k8s.io/v1 DeleteOptions."""

    grace: int | None = None
    """Seconds; None is what the object says itself."""
    uid: str = ""
    version: str = ""
    policy: str = ""
    is_dry_run: bool = False


def read_options(request: Request, *, is_dry_run: bool) -> Options:
    """Return the options of a DELETE: those of its body, or of its query where it has none; raises ApiError (400).

    A real server does not look at the query, a dry run in it included, where there is a body.
    """
    if request.body:
        return options_of(bodies.decode(request, "DeleteOptions"), {})
    return replace(options_of({}, request.query), is_dry_run=is_dry_run)


def options_of(given: JSON, query: Mapping[str, str]) -> Options:
    """Return what a DeleteOptions object and a query ask for together; raises ApiError (400)."""
    grace = number(query, "gracePeriodSeconds")
    preconditions = given.get("preconditions") or {}
    policy = given.get("propagationPolicy") or query.get("propagationPolicy", "")
    return Options(
        grace=given.get("gracePeriodSeconds") if grace is None else grace,
        uid=preconditions.get("uid", ""),
        version=preconditions.get("resourceVersion", ""),
        policy="Orphan" if given.get("orphanDependents") else policy,
        is_dry_run=given.get("dryRun") == ["All"],
    )


AT_ONCE = Options()


def delete(state: State, resource: Resource, key: Key, options: Options = AT_ONCE) -> Entry:
    """Delete an object, or mark it while something holds it; return what it is now, or was last.

    Raises:
        ApiError: 404, or 409 where a precondition does not hold.
    """
    entry = state.store.get(resource.key, key)
    if entry is None:
        raise problems.not_found(resource.plural, resource.group, key[1])
    _check_preconditions(resource, entry, options)
    marked = _marked(state, resource, entry.obj, options)
    if options.is_dry_run:
        return Entry(marked)
    if not is_held(resource, marked):
        return state.store.remove(resource.key, _numbered(state, marked))
    if marked == entry.obj:
        return entry
    return state.store.put(resource.key, _numbered(state, marked))


def is_held(resource: Resource, obj: JSON) -> bool:
    """Say whether something still holds an object that is to go: a finalizer, a kubelet, what a namespace contains."""
    meta = obj["metadata"]
    if meta.get("finalizers") or meta.get("deletionGracePeriodSeconds"):
        return True
    return resource.key == "namespaces" and bool((obj.get("spec") or {}).get("finalizers"))


def _numbered(state: State, obj: JSON) -> JSON:
    return obj | {"metadata": obj["metadata"] | {"resourceVersion": str(state.store.next_version())}}


def _check_preconditions(resource: Resource, entry: Entry, options: Options) -> None:
    meta = entry.obj["metadata"]
    why = ""
    if options.uid and options.uid != meta["uid"]:
        differs = f"({options.uid}) does not match the UID in record ({meta['uid']})"
        why = f"the UID in the precondition {differs}. The object might have been deleted and then recreated"
    elif options.version and options.version != meta["resourceVersion"]:
        differs = f"({options.version}) does not match the ResourceVersion in record ({meta['resourceVersion']})"
        why = f"the ResourceVersion in the precondition {differs}. The object might have been modified"
    if why:
        # Here the real server names the kind where it names the resource elsewhere.
        raise problems.conflict(resource.kind, resource.group, entry.key[1], why)


def _marked(state: State, resource: Resource, obj: JSON, options: Options) -> JSON:
    """Return the object as its deletion leaves it: with a time, a grace period, and finalizers if asked for."""
    meta = dict(obj["metadata"])
    if options.policy in _FINALIZER_OF and not meta.get("deletionTimestamp"):
        others = [each for each in meta.get("finalizers") or [] if each not in _FINALIZER_OF.values()]
        meta["finalizers"] = [*others, _FINALIZER_OF[options.policy]]
    grace = _grace(resource, obj, options)
    if resource.key == "namespaces":
        return _marked_namespace(state, obj, meta)
    if resource.plural == "customresourcedefinitions":
        meta["finalizers"] = list(dict.fromkeys([*(meta.get("finalizers") or []), CLEANUP]))
        return obj | {"metadata": meta | {"deletionTimestamp": timestamp(state.now())}}
    held = is_held(resource, obj | {"metadata": meta | {"deletionGracePeriodSeconds": grace}})
    if not held and resource.key != "pods":
        return obj
    is_shorter = grace < (meta.get("deletionGracePeriodSeconds") or 0)
    if meta.get("deletionTimestamp") and not is_shorter:
        return obj
    if not meta.get("deletionTimestamp") and resource.has_generation:
        meta["generation"] = meta.get("generation", 0) + 1
    meta["deletionTimestamp"] = timestamp(state.now() + timedelta(seconds=grace))
    meta["deletionGracePeriodSeconds"] = grace
    return obj | {"metadata": meta}


def _marked_namespace(state: State, obj: JSON, meta: JSON) -> JSON:
    meta.setdefault("deletionTimestamp", timestamp(state.now()))
    return obj | {"metadata": meta, "status": (obj.get("status") or {}) | {"phase": "Terminating"}}


def _grace(resource: Resource, obj: JSON, options: Options) -> int:
    """Return the seconds that a pod on a node is given; all else, and a pod that never ran, goes at once."""
    spec = obj.get("spec") or {}
    if resource.key != "pods" or not spec.get("nodeName"):
        return 0
    if (obj.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return 0
    if options.grace is not None:
        return max(options.grace, 0)
    return int(spec.get("terminationGracePeriodSeconds", 30))
