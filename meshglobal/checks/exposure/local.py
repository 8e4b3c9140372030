"""Walk the services that were asked for, cluster by cluster; what the exposure checks have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.domain.finding import Evidence
from meshglobal.domain.labels import BY_NAME, Section
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Namespace, Service
from meshglobal.domain.scope import GLOBAL_ONLY, Origin, Scope
from meshglobal.domain.view import ClusterView


class Local(NamedTuple):
    """One Service in one cluster, with its effective scope."""

    view: ClusterView
    key: ServiceKey
    service: Service
    scope: Scope

    @property
    def context(self) -> str:
        """The cluster."""
        return self.view.context

    @property
    def has_own_takeover(self) -> bool:
        """Whether it is the Service's own takeover label that counts, and not its Namespace's or an older scope."""
        return self.scope.takeover.origin is Origin.SERVICE and self.scope.value != GLOBAL_ONLY

    def seen(self, key: str, expected: str | None = None) -> Evidence:
        """A label or annotation of the Service, as it stands there."""
        section = BY_NAME[key].section
        metadata = self.service.metadata
        return Evidence(
            context=self.context,
            kind="Service",
            namespace=self.key.namespace,
            name=self.key.name,
            field=f"metadata.{section.value}[{key}]",
            value=metadata.label(key) if section is Section.LABEL else metadata.annotation(key),
            expected=expected,
        )

    def field(self, name: str, value: str | None) -> Evidence:
        """A field of the Service."""
        return Evidence(
            context=self.context,
            kind="Service",
            namespace=self.key.namespace,
            name=self.key.name,
            field=name,
            value=value,
        )

    def above(self, key: str) -> Evidence:
        """A label of the Service's Namespace, as it stands there."""
        namespace = self.view.namespaces.get(self.key.namespace, Namespace())
        return Evidence(
            context=self.context,
            kind="Namespace",
            name=self.key.namespace,
            field=f"metadata.labels[{key}]",
            value=namespace.metadata.label(key),
        )


@lru_cache(maxsize=1)
def locals_of(mesh: Mesh) -> tuple[Local, ...]:
    """Every Service that was asked for, in every cluster that has it; worked out once for all checks of a run."""
    return tuple(
        Local(view, key, service, scope)
        for key in mesh.keys
        for view in mesh.views
        if (service := view.services.get(key)) is not None and (scope := view.scope_of(key)) is not None
    )


def published_of(mesh: Mesh) -> Iterator[Local]:
    """Those of them that are published."""
    return (one for one in locals_of(mesh) if one.scope.is_published)


def by_service(found: Iterator[Local]) -> Iterator[tuple[ServiceKey, list[Local]]]:
    """Group by service; `locals_of` already delivers them together."""
    return ((key, list(together)) for key, together in groupby(found, key=lambda one: one.key))


def grouped(values: Mapping[str, str], most: int = 3) -> str:
    """Which clusters have which value, for a sentence: ``80/HTTP in a, b; 81/HTTP in c``."""
    contexts: dict[str, list[str]] = {}
    for context, value in values.items():
        contexts.setdefault(value, []).append(context)
    return "; ".join(
        f"{value} in {', '.join(some[:most])}" + (f" and {len(some) - most} more" if len(some) > most else "")
        for value, some in contexts.items()
    )


def prevailing(values: Mapping[str, str]) -> str:
    """The value that most clusters have; of several such values the one of the first context by name."""
    counts = Counter(values.values())
    most = max(counts.values())
    return next(value for _, value in sorted(values.items()) if counts[value] == most)
