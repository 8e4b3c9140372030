"""Effective scope and takeover: the Service's own label before its Namespace's (R1-R5, R24, R26).

That the Service wins over the Namespace is inferred (R2); whoever shows an effective scope where the two differ says
which one was taken (`Setting.origin`).
"""

from __future__ import annotations

from enum import StrEnum

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
    own = service.metadata.label(key)
    above = namespace.metadata.label(key) if namespace is not None else None
    if own is not None:
        return Setting(own, Origin.SERVICE, above if above not in (None, own) else None)
    if namespace is None:
        return Setting(None, Origin.UNREAD)
    return Setting(above, Origin.NAMESPACE if above is not None else Origin.NOBODY)


class Scope(msgspec.Struct, frozen=True, gc=False):
    """The effective scope of one Service in one cluster."""

    setting: Setting
    takeover: Setting

    @property
    def value(self) -> str:
        """The scope; an unlabelled Service stays in its cluster."""
        return self.setting.value if self.setting.value is not None else CLUSTER

    @property
    def is_published(self) -> bool | None:
        """Whether it is offered to other clusters (R1, R3); None when that could not be read."""
        if self.setting.origin is Origin.UNREAD:
            return None
        return self.value in PUBLISHED

    @property
    def is_unknown_value(self) -> bool:
        """Whether the value is one that nothing documents; it publishes nothing (R3)."""
        return self.value not in KNOWN

    @property
    def is_taken_over(self) -> bool | None:
        """Whether the cluster-local name is answered by the global host (R5, R24, R26); None when not read."""
        if not self.is_published:
            return self.is_published
        if self.value == GLOBAL_ONLY:
            return True
        return None if self.takeover.origin is Origin.UNREAD else self.takeover.value == TAKEOVER_ON


def scope_of(service: Service, namespace: Namespace | None) -> Scope:
    """The effective scope and takeover of a Service; ``namespace`` is None when it could not be read."""
    return Scope(effective(SERVICE_SCOPE, service, namespace), effective(SERVICE_TAKEOVER, service, namespace))
