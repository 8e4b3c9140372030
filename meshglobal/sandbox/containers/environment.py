"""The environment variables of a container: what its spec says, and what every container has. Nothing of the host's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def environment_of(pod: JSON, container: JSON) -> Mapping[str, str]:
    """Return the variables of a container; references to Secrets and ConfigMaps stay empty."""
    found = {"PATH": _PATH, "HOSTNAME": pod["spec"].get("hostname") or name_of(pod)}
    found |= {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    for each in container.get("env") or ():
        path = ((each.get("valueFrom") or {}).get("fieldRef") or {}).get("fieldPath", "")
        found[each["name"]] = _field(pod, path) if path else each.get("value", "")
    return found | {"HOME": "/"}


def _field(pod: JSON, path: str) -> str:
    """Return a field of the pod, an empty text where it has none."""
    value: object = pod
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
