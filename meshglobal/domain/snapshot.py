"""What was read from the clusters, together with what could not be read.

A `MeshSnapshot` may come from live clusters, a bundle or files; nothing after it knows which. What was not read is
a `Gap`, and whoever wants to say "missing" must first ask `ClusterSnapshot.has_read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from meshglobal.domain.circumstances import Circumstances
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

    def covers(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> bool:
        """Whether it asks for every such object: of a kind, in a namespace (None: in all), of a name (None: of any).

        A reading by label selector covers nothing: an object that it did not bring may exist with other labels.
        """
        return (
            self.kind is kind
            and not self.selector
            and self.namespace in (None, namespace)
            and self.name in (None, name)
        )

    def touches(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> bool:
        """Whether it asks for some such object."""
        return (
            self.kind is kind
            and (namespace is None or self.namespace in (None, namespace))
            and (name is None or self.name in (None, name))
        )


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
        circumstances: what was noticed beside the objects.
    """

    context: str
    uid: str = ""
    aliases: tuple[str, ...] = ()
    objects: Mapping[Kind, tuple[Object, ...]] = field(default_factory=dict)
    queries: tuple[Query, ...] = ()
    gaps: tuple[Gap, ...] = ()
    circumstances: Circumstances = field(default_factory=Circumstances)
    _read: dict[tuple[Kind, str | None], bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `has_read` has answered about whole kinds: checks ask the same of every service."""

    @property
    def is_reached(self) -> bool:
        """Whether the cluster answered; single readings may have failed all the same."""
        return not any(gap.query is None for gap in self.gaps)

    def of(self, kind: Kind, record: type[T]) -> tuple[T, ...]:
        """The objects of a kind that were read, typed."""
        return tuple([found for found in self.objects.get(kind, ()) if isinstance(found, record)])

    def gap_for(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> Gap | None:
        """The first gap that hides such objects, if any.

        Args:
            kind: what is looked for.
            namespace: where; None: anywhere, so that a gap in one namespace counts.
            name: which; None: any, so that a gap about one object counts.
        """
        if self.has_read(kind, namespace, name):
            return None
        return next((gap for gap in self.gaps if gap.query is None or gap.query.touches(kind, namespace, name)), None)

    def has_read(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> bool:
        """Whether absence of such an object in this snapshot means that it does not exist.

        Args:
            kind: what is looked for.
            namespace: where; None: in all namespaces, which no reading of one namespace covers.
            name: which; None: all, which no reading by name covers.
        """
        if name is not None:
            return self._covers(kind, namespace, name)
        if (found := self._read.get((kind, namespace))) is None:
            found = self._read[kind, namespace] = self._covers(kind, namespace, None)
        return found

    def _covers(self, kind: Kind, namespace: str | None, name: str | None) -> bool:
        return self.is_reached and any(query.covers(kind, namespace, name) for query in self.queries)

    def why_unread(self, kind: Kind, namespace: str | None = None, name: str | None = None) -> str:
        """Why absence of such an object means nothing, as a sentence's part; empty where it was read."""
        if self.has_read(kind, namespace, name):
            return ""
        gap = self.gap_for(kind, namespace, name)
        return gap.failure.message if gap is not None else f"{kind.plural} have not been read"


@dataclass(frozen=True, slots=True)
class MeshSnapshot:
    """All selected clusters, in the order of selection, each once."""

    clusters: tuple[ClusterSnapshot, ...]

    @property
    def reached(self) -> tuple[ClusterSnapshot, ...]:
        """The clusters that answered."""
        return tuple(cluster for cluster in self.clusters if cluster.is_reached)
