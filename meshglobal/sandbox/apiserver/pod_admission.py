"""What the cluster adds to a new pod: its service account and that account's token, tolerations, priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.apiserver.random_names import random_suffix

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.state import State

_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - where it is mounted, no secret
_TOLERATION_SECONDS = 300
_TOLERATED = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def completed(state: State, pod: JSON) -> JSON:
    """Return a new pod with what the cluster adds; raises ApiError (403) for an account that does not exist."""
    spec = dict(pod.get("spec") or {})
    account = spec.get("serviceAccountName") or "default"
    spec |= {"serviceAccountName": account, "serviceAccount": account}
    spec.setdefault("priority", 0)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    spec["tolerations"] = _tolerations(spec.get("tolerations") or [])
    return pod | {"spec": _with_token(spec, _account(state, pod, account))}


def _account(state: State, pod: JSON, account: str) -> JSON:
    namespace = namespace_of(pod)
    entry = state.store.get("serviceaccounts", (namespace, account))
    if entry is None:
        why = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
        raise problems.forbidden("pods", "", name_of(pod), why)
    return entry.obj


def _tolerations(given: list[JSON]) -> list[JSON]:
    tolerated = {each.get("key") for each in given if each.get("effect") in (None, "", "NoExecute")}
    if None in tolerated or "" in tolerated:
        return given
    missing = [key for key in _TOLERATED if key not in tolerated]
    return given + [
        {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": _TOLERATION_SECONDS}
        for key in missing
    ]


def _with_token(spec: JSON, account: JSON) -> JSON:
    """Return the spec with the account's token mounted into each container that has nothing at its place."""
    mounts_token = spec.get("automountServiceAccountToken", account.get("automountServiceAccountToken", True))
    if not mounts_token:
        return spec
    volume = f"kube-api-access-{random_suffix()}"
    mount = {"name": volume, "readOnly": True, "mountPath": _TOKEN_PATH}
    changed = {}
    for kind in ("initContainers", "containers"):
        if spec.get(kind):
            changed[kind] = [_with_mount(container, mount) for container in spec[kind]]
    return spec | changed | {"volumes": [*(spec.get("volumes") or []), _token_volume(volume)]}


def _with_mount(container: JSON, mount: JSON) -> JSON:
    mounts = container.get("volumeMounts") or []
    if any(each.get("mountPath") == _TOKEN_PATH for each in mounts):
        return container
    return container | {"volumeMounts": [*mounts, mount]}


def _token_volume(name: str) -> JSON:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 420}}
