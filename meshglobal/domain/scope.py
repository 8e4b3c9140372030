"""Effective scope and takeover: the Service's own label before its Namespace's (R1-R5, R24, R26).

That the Service wins over the Namespace is inferred (R2); whoever shows an effective scope where the two differ says
which one was taken (`Setting.origin`).
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import msgspec

from meshglobal.domain.labels import BY_NAME, SERVICE_SCOPE, SERVICE_TAKEOVER, TAKEOVER_ON
from meshglobal.domain.objects import Namespace, Service

GLOBAL, SEGMENT, CLUSTER, GLOBAL_ONLY = "global", "segment", "cluster", "global-only"
PUBLISHED = frozenset({GLOBAL, SEGMENT, GLOBAL_ONLY})
KNOWN = frozenset({*BY_NAME[SERVICE_SCOPE].values, *BY_NAME[SERVICE_SCOPE].accepted})


class Origin(StrEnum):
    """Whose label decided."""

    SERVICE = "service"
    NAMESPACE = "namespace"
    NOBODY = "nobody"
    UNREAD = "unread"


class Setting(msgspec.Struct, frozen=True, gc=False):
    """A label's effective value. ``overruled``: the Namespace's differing value that was not taken."""

    value: str | None
    origin: Origin
    overruled: str | None = None


def effective(key: str, service: Service, namespace: Namespace | None) -> Setting:
    """The value of a label that stands on a Service or, failing that, on its Namespace (R2).

    Args:
        key: the label.
        service: the Service.
        namespace: its Namespace; None when it could not be read.
    """
    above = namespace.metadata.label(key) if namespace is not None else None
    return _setting(service.metadata.label(key), above, namespace is not None)


@lru_cache(maxsize=1 << 12)
def _setting(own: str | None, above: str | None, is_read: bool) -> Setting:  # noqa: FBT001 - a key of the cache
    if own is not None:
        return Setting(own, Origin.SERVICE, above if above not in (None, own) else None)
    if not is_read:
        return Setting(None, Origin.UNREAD)
    return Setting(above, Origin.NAMESPACE if above is not None else Origin.NOBODY)


class Scope(msgspec.Struct, frozen=True, gc=False):
    """The effective scope of one Service in one cluster.

    Attributes:
        setting, takeover: the two labels, as they take effect.
        value: the scope; an unlabelled Service stays in its cluster.
        is_published: whether it is offered to other clusters (R1, R3); None when that could not be read.
        is_taken_over: whether the cluster-local name is answered by the global host (R5, R24, R26); None when not read.
    """

    setting: Setting
    takeover: Setting
    value: str
    is_published: bool | None
    is_taken_over: bool | None

    @property
    def is_unknown_value(self) -> bool:
        """Whether the value is one that nothing documents; it publishes nothing (R3)."""
        return self.value not in KNOWN


class Above(NamedTuple):
    """What a Namespace says for the Services in it; ``is_read``: whether it could be read."""

    scope: str | None
    takeover: str | None
    is_read: bool


def above_of(namespace: Namespace | None) -> Above:
    """What a Namespace says for its Services; None when it could not be read."""
    if namespace is None:
        return Above(None, None, is_read=False)
    return Above(namespace.metadata.label(SERVICE_SCOPE), namespace.metadata.label(SERVICE_TAKEOVER), is_read=True)


def scope_under(service: Service, above: Above) -> Scope:
    """The effective scope and takeover of a Service under what its Namespace says. There may be millions of them."""
    labels = service.metadata.labels or {}
    return _scope(labels.get(SERVICE_SCOPE), labels.get(SERVICE_TAKEOVER), above)


def scope_of(service: Service, namespace: Namespace | None) -> Scope:
    """The effective scope and takeover of a Service; ``namespace`` is None when it could not be read."""
    return scope_under(service, above_of(namespace))


@lru_cache(maxsize=1 << 12)  # a mesh has thousands of Services and a handful of settings
def _scope(own: str | None, own_takeover: str | None, above: Above) -> Scope:
    setting = _setting(own, above.scope, above.is_read)
    takeover = _setting(own_takeover, above.takeover, above.is_read)
    value = setting.value if setting.value is not None else CLUSTER
    is_published = None if setting.origin is Origin.UNREAD else value in PUBLISHED
    return Scope(setting, takeover, value, is_published, _is_taken_over(value, takeover, is_published=is_published))


def _is_taken_over(value: str, takeover: Setting, *, is_published: bool | None) -> bool | None:
    if not is_published:
        return is_published
    if value == GLOBAL_ONLY:
        return True
    return None if takeover.origin is Origin.UNREAD else takeover.value == TAKEOVER_ON
