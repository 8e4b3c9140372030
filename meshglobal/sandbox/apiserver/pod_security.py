"""Pod Security admission: what the labels of a namespace ask of its pods.

Knows the checks of the levels baseline and restricted that concern fields which pods of a mesh have; each check
returns a short name of what is wrong and, in brackets, where and how it must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.state import State

LABEL = "pod-security.kubernetes.io/"
_TEMPLATES = (
    "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "replicationcontrollers",
    "podtemplates",
)  # fmt: skip
_SECCOMP = ("RuntimeDefault", "Localhost")

Check = Callable[[JSON], tuple[str, str] | None]
"""Takes a pod's spec; returns what is wrong and the details, None where nothing is."""


def judged(state: State, resource: Resource, obj: JSON) -> list[str]:
    """Return warnings about a new pod or workload; raises ApiError (403) for a pod that its namespace forbids."""
    if resource.key != "pods" and resource.key not in _TEMPLATES:
        return []
    namespace = state.store.get("namespaces", ("", namespace_of(obj)))
    labels = metadata(namespace.obj).get("labels") or {} if namespace else {}
    spec = _spec(resource, obj)
    if resource.key == "pods":
        enforced = violations(labels, "enforce", spec)
        if enforced:
            level = _level(labels, "enforce")
            raise problems.forbidden("pods", "", name_of(obj), f'violates PodSecurity "{level}": {enforced}')
    warned = violations(labels, "warn", spec)
    return [f'would violate PodSecurity "{_level(labels, "warn")}": {warned}'] if warned else []


def warnings_of_namespace(state: State, new: JSON, old: JSON) -> list[str]:
    """Return warnings about the pods that violate a level which a namespace begins to enforce."""
    labels, before = metadata(new).get("labels") or {}, metadata(old).get("labels") or {}
    level = _level(labels, "enforce")
    if level == _level(before, "enforce"):
        return []
    found = {}
    for entry in state.store.all("pods", name_of(new)):
        wrong = [problem for problem, _ in _problems(labels, "enforce", entry.obj.get("spec") or {})]
        if wrong:
            found[name_of(entry.obj)] = ", ".join(wrong)
    if not found:
        return []
    first = f'existing pods in namespace "{name_of(new)}" violate the new PodSecurity enforce level "{level}"'
    return [first, *(f"{name}: {wrong}" for name, wrong in found.items())]


def violations(labels: JSON, mode: str, spec: JSON) -> str:
    """Return what a pod's spec does that the level of this mode forbids, as one sentence."""
    return ", ".join(f"{problem} ({details})" for problem, details in _problems(labels, mode, spec))


def _problems(labels: JSON, mode: str, spec: JSON) -> Iterator[tuple[str, str]]:
    level = labels.get(f"{LABEL}{mode}", "privileged")
    checks = {"baseline": _BASELINE, "restricted": (*_BASELINE, *_RESTRICTED)}.get(level, ())
    for check in checks:
        found = check(spec)
        if found:
            yield found


def _level(labels: JSON, mode: str) -> str:
    return f"{labels.get(f'{LABEL}{mode}', 'privileged')}:{labels.get(f'{LABEL}{mode}-version', 'latest')}"


def _spec(resource: Resource, obj: JSON) -> JSON:
    if resource.key == "pods":
        return obj.get("spec") or {}
    holder = obj if resource.key == "podtemplates" else obj.get("spec") or {}
    return (holder.get("template") or {}).get("spec") or {}


def _containers(spec: JSON) -> list[JSON]:
    return [each for kind in ("initContainers", "containers", "ephemeralContainers") for each in spec.get(kind) or ()]


def _context(container: JSON) -> JSON:
    return container.get("securityContext") or {}


def _named(containers: list[JSON]) -> str:
    names = ", ".join(f'"{each["name"]}"' for each in containers)
    return f"container {names}" if len(containers) == 1 else f"containers {names}"


def _host_namespaces(spec: JSON) -> tuple[str, str] | None:
    shared = [f"{key}=true" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    return ("host namespaces", ", ".join(shared)) if shared else None


def _privileged(spec: JSON) -> tuple[str, str] | None:
    bad = [each for each in _containers(spec) if _context(each).get("privileged")]
    return ("privileged", f"{_named(bad)} must not set securityContext.privileged=true") if bad else None


def _host_path(spec: JSON) -> tuple[str, str] | None:
    bad = [each["name"] for each in spec.get("volumes") or () if "hostPath" in each]
    names = ", ".join(f'"{name}"' for name in bad)
    return ("hostPath volumes", f"volume{'s' if len(bad) > 1 else ''} {names}") if bad else None


def _host_ports(spec: JSON) -> tuple[str, str] | None:
    ports = [port["hostPort"] for each in _containers(spec) for port in each.get("ports") or () if port.get("hostPort")]
    bad = [each for each in _containers(spec) if any(port.get("hostPort") for port in each.get("ports") or ())]
    return ("hostPort", f"{_named(bad)} uses hostPort {', '.join(map(str, ports))}") if bad else None


def _escalation(spec: JSON) -> tuple[str, str] | None:
    bad = [each for each in _containers(spec) if _context(each).get("allowPrivilegeEscalation") is not False]
    how = "must set securityContext.allowPrivilegeEscalation=false"
    return ("allowPrivilegeEscalation != false", f"{_named(bad)} {how}") if bad else None


def _capabilities(spec: JSON) -> tuple[str, str] | None:
    bad = [
        each
        for each in _containers(spec)
        if "ALL" not in ((_context(each).get("capabilities") or {}).get("drop") or ())
    ]
    how = 'must set securityContext.capabilities.drop=["ALL"]'
    return ("unrestricted capabilities", f"{_named(bad)} {how}") if bad else None


def _non_root(spec: JSON) -> tuple[str, str] | None:
    of_pod = _context(spec).get("runAsNonRoot")
    bad = [each for each in _containers(spec) if _context(each).get("runAsNonRoot", of_pod) is not True]
    how = "must set securityContext.runAsNonRoot=true"
    return ("runAsNonRoot != true", f"pod or {_named(bad)} {how}") if bad else None


def _seccomp(spec: JSON) -> tuple[str, str] | None:
    of_pod = (_context(spec).get("seccompProfile") or {}).get("type")
    bad = [
        each
        for each in _containers(spec)
        if (_context(each).get("seccompProfile") or {}).get("type", of_pod) not in _SECCOMP
    ]
    how = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
    return ("seccompProfile", f"pod or {_named(bad)} {how}") if bad else None


_BASELINE: tuple[Check, ...] = (_host_namespaces, _host_path, _host_ports, _privileged)
_RESTRICTED: tuple[Check, ...] = (_escalation, _capabilities, _non_root, _seccomp)
