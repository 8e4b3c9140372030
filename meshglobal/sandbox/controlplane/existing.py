"""The generated objects that a cluster has now, by service: what watches tell, and what our own writes answered.

A watch may lag behind our writes. An event older than what is known is passed over; resourceVersions of one resource
count upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from meshglobal.domain.names import ISTIO_NAMESPACE, ServiceKey
from meshglobal.sandbox.controlplane.entries import key_of
from meshglobal.sandbox.controlplane.observed import JSON, name_of, namespace_of
from meshglobal.sandbox.controlplane.translate import EntryKey


class Existing:
    """The `autogen…` objects of istio-system in one cluster."""

    def __init__(self) -> None:
        self._by_service: dict[ServiceKey, dict[EntryKey, JSON]] = {}

    def keys(self) -> Iterable[ServiceKey]:
        """The services that have generated objects."""
        return tuple(self._by_service)

    def of(self, key: ServiceKey) -> Mapping[EntryKey, JSON]:
        """The generated objects of a service."""
        return self._by_service.get(key, {})

    def put(self, resource: str, obj: JSON) -> ServiceKey | None:
        """Take in an object; the service that it belongs to, None if it is not a generated one or old news."""
        key = _service_of(obj)
        if key is None or _is_older(obj, self.of(key).get((resource, name_of(obj)))):
            return None
        self._by_service.setdefault(key, {})[resource, name_of(obj)] = obj
        return key

    def drop(self, resource: str, obj: JSON) -> ServiceKey | None:
        """Forget an object; the service that it belonged to, None if that is not known or old news."""
        key = _service_of(obj)
        known = self.of(key).get((resource, name_of(obj))) if key else None
        if key is None or known is None or _is_older(obj, known):
            return None
        del self._by_service[key][resource, name_of(obj)]
        if not self._by_service[key]:
            del self._by_service[key]
        return key


def _service_of(obj: JSON) -> ServiceKey | None:
    return key_of(name_of(obj)) if namespace_of(obj) == ISTIO_NAMESPACE else None


def _is_older(obj: JSON, known: JSON | None) -> bool:
    """Whether an object is an older version than the known one; what cannot be compared is news."""
    told, held = _version(obj), _version(known or {})
    return told is not None and held is not None and told < held


def _version(obj: JSON) -> int | None:
    version = obj.get("metadata", {}).get("resourceVersion", "")
    return int(version) if version.isdecimal() else None
