"""What was read from the clusters, together with what could not be read.

A `MeshSnapshot` may come from live clusters, a bundle or files; nothing after it knows which. What was not read is
a `Gap`, and whoever wants to say "missing" must first ask `ClusterSnapshot.has_read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from meshglobal.domain.failure import Failure
from meshglobal.domain.kinds import Kind
from meshglobal.domain.objects import Object

T = TypeVar("T", bound=Object)


@dataclass(frozen=True, slots=True)
class Query:
    """One reading: a kind in one namespace (None: all), one object by name, or those that match a label selector.

    ``is_optional``: an absent CRD counts as "there are none" instead of as a gap.
    """

    kind: Kind
    namespace: str | None = None
    name: str | None = None
    selector: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A reading that failed. ``query`` is None when the whole cluster could not be reached."""

    failure: Failure
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """What was read from one cluster.

    Attributes:
        context: the kubeconfig context (or the bundle's name for it).
        uid: the UID of the namespace kube-system, which identifies the cluster; empty when it could not be read.
        aliases: further contexts that lead to the same cluster.
        objects: what was read, by kind.
        queries: the readings that succeeded.
        gaps: the readings that did not.
    """

    context: str
    uid: str = ""
    aliases: tuple[str, ...] = ()
    objects: Mapping[Kind, tuple[Object, ...]] = field(default_factory=dict)
    queries: tuple[Query, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether at least one reading succeeded."""
        return not any(gap.query is None for gap in self.gaps)

    def of(self, kind: Kind, record: type[T]) -> tuple[T, ...]:
        """The objects of a kind that were read, typed."""
        return tuple(found for found in self.objects.get(kind, ()) if isinstance(found, record))

    def gap_for(self, kind: Kind, namespace: str | None = None) -> Gap | None:
        """The first gap that hides objects of this kind (in this namespace; None: in any)."""
        for gap in self.gaps:
            if gap.query is None:
                return gap
            if gap.query.kind is kind and (
                namespace is None or gap.query.namespace is None or gap.query.namespace == namespace
            ):
                return gap
        return None

    def has_read(self, kind: Kind, namespace: str | None = None) -> bool:
        """Whether absence of such an object in this snapshot means that it does not exist."""
        return self.gap_for(kind, namespace) is None and any(
            query.kind is kind and query.namespace in (None, namespace) for query in self.queries
        )


@dataclass(frozen=True, slots=True)
class MeshSnapshot:
    """All selected clusters, in the order of selection, each once."""

    clusters: tuple[ClusterSnapshot, ...]

    @property
    def reached(self) -> tuple[ClusterSnapshot, ...]:
        """The clusters from which something was read."""
        return tuple(cluster for cluster in self.clusters if cluster.is_reached)
