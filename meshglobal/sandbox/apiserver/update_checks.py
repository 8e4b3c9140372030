"""Checks of Kubernetes' own kinds that compare an object with the stored one: what may not change any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver import causes, internal_form
from meshglobal.sandbox.apiserver.typed_checks import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.problems import Cause

_MUTABLE_IN_PODS = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
)


def check(kind: str, new: JSON, old: JSON, subresource: str) -> Iterator[Cause]:
    """What a change of an object may not do; `subresource` is empty for the object itself."""
    for path in data()["immutable"].get(kind, ()):
        if _at(new, path) != _at(old, path):
            yield causes.immutable(path, _at(new, path))
    if compare := _BY_KIND.get(kind):
        yield from compare(new, old, subresource)


def _at(obj: JSON, path: str) -> Any:
    value: Any = obj
    for part in path.split("."):
        value = (value or {}).get(part)
    return value or None


def _held_data(new: JSON, old: JSON, _subresource: str) -> Iterator[Cause]:
    if not old.get("immutable"):
        return
    why = "field is immutable when `immutable` is set"
    for field in ("immutable", "data", "binaryData"):
        if (new.get(field) or None) != (old.get(field) or None):
            yield causes.forbidden(field, why)


def _service(new: JSON, old: JSON, _subresource: str) -> Iterator[Cause]:
    spec, before = new["spec"], old["spec"]
    if "ExternalName" in (spec.get("type"), before.get("type")):
        return
    was = _addresses(before)
    now = _addresses(spec)
    if was and now and now[0] != was[0]:
        yield causes.invalid("spec.clusterIPs[0]", now, "may not change once set")


def _addresses(spec: JSON) -> list[str]:
    one = [spec["clusterIP"]] if spec.get("clusterIP") else []
    several: list[str] = spec.get("clusterIPs") or []
    return one + several[1:] if one else several


def _pod(new: JSON, old: JSON, subresource: str) -> Iterator[Cause]:
    if subresource == "ephemeralcontainers":
        yield from _ephemeral(new["spec"], old["spec"])
    elif not subresource and _fixed(new["spec"], old["spec"]) != _fixed(old["spec"], old["spec"]):
        shown = internal_form.difference(old["spec"], _munged(new["spec"], old["spec"]), "PodSpec")
        yield causes.forbidden("spec", f"{_MUTABLE_IN_PODS}{shown}")


def _munged(spec: JSON, before: JSON) -> JSON:
    """The wanted pod with what may change as it was, so that only what is refused differs."""
    images = {
        each["name"]: each.get("image") for each in [*before["containers"], *(before.get("initContainers") or [])]
    }
    munged = spec | {key: before[key] for key in ("activeDeadlineSeconds", "tolerations") if key in before}
    for field in ("containers", "initContainers"):
        if field in spec:
            munged[field] = [each | {"image": images.get(each["name"], each.get("image"))} for each in spec[field]]
    return munged


def _fixed(spec: JSON, before: JSON) -> JSON:
    """The part of a pod that may not change, with what may change taken from the stored one or left out."""
    fixed = {key: value for key, value in spec.items() if key not in ("activeDeadlineSeconds", "tolerations")}
    for field in ("containers", "initContainers"):
        if field in fixed:
            fixed[field] = [{k: v for k, v in container.items() if k != "image"} for container in fixed[field]]
    added = spec.get("tolerations") or []
    kept = [each for each in before.get("tolerations") or [] if each in added]
    return fixed | {"tolerations": kept}


def _ephemeral(spec: JSON, before: JSON) -> Iterator[Cause]:
    now = {container.get("name"): container for container in spec.get("ephemeralContainers") or []}
    for container in before.get("ephemeralContainers") or []:
        name = container["name"]
        if name not in now:
            why = f'existing ephemeral containers "{name}" may not be removed\n'
            yield causes.forbidden("spec.ephemeralContainers", why)
        elif now[name] != container:
            shown = internal_form.difference(container, now[name], "EphemeralContainer")
            why = f'existing ephemeral containers "{name}" may not be changed\n{shown}'
            yield causes.forbidden("spec.ephemeralContainers", why)


_BY_KIND: dict[str, Callable[[JSON, JSON, str], Iterator[Cause]]] = {
    "ConfigMap": _held_data,
    "Secret": _held_data,
    "Service": _service,
    "Pod": _pod,
}
