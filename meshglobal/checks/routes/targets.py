"""Walk what names generated entries: parents of HTTPRoutes, and targets of AuthorizationPolicies (R39).

Their control plane shows a generated entry in the namespace of its service, though it stands in its own. So the name
alone is looked up, among the entries of the control plane's namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.routes.meant import meant_key
from meshglobal.domain import kinds
from meshglobal.domain.fields import Field
from meshglobal.domain.names import ServiceKey, generated_for
from meshglobal.domain.objects import Object, ServiceEntry
from meshglobal.domain.references import ISTIO_GROUP, EntryRef, parent_refs, policy_refs
from meshglobal.domain.route_objects import ParentRef, TargetRef
from meshglobal.domain.view import ClusterView

GROUP = ISTIO_GROUP


class Target(NamedTuple):
    """One reference to an entry of a generated name; ``key``: the service that the name ends in."""

    view: ClusterView
    named_in: Object
    ref: ParentRef | TargetRef
    key: ServiceKey
    field: Field

    @property
    def is_entry(self) -> bool:
        """Whether its kind and group are those of a ServiceEntry."""
        return (self.ref.kind, self.ref.group) == (kinds.SERVICE_ENTRY.name, GROUP)

    @property
    def entries(self) -> list[ServiceEntry]:
        """The generated entries of the service here."""
        return self.view.named_entries.get(self.key, [])

    @property
    def entry(self) -> ServiceEntry | None:
        """The entry of exactly this name."""
        return next((one for one in self.entries if one.name == self.ref.name), None)

    @property
    def words(self) -> dict[str, object]:
        """What summaries and remedies say of it."""
        return {
            "where": self.field.where,
            "entry": self.ref.name,
            "object": self.named_in.name,
            "object_namespace": self.named_in.namespace,
        }


def parents_of(mesh: Mesh) -> Iterator[Target]:
    """The parents of HTTPRoutes that are called like a generated entry."""
    return iter(_parents(mesh))


def policy_targets_of(mesh: Mesh) -> Iterator[Target]:
    """The targets of AuthorizationPolicies that are called like a generated entry."""
    return iter(_policies(mesh))


@lru_cache(maxsize=1)
def _parents(mesh: Mesh) -> tuple[Target, ...]:
    return tuple(one for view in mesh.views for one in _named(parent_refs(view)))


@lru_cache(maxsize=1)
def _policies(mesh: Mesh) -> tuple[Target, ...]:
    return tuple(one for view in mesh.views for one in _named(policy_refs(view)))


def _named(refs: Iterator[EntryRef]) -> Iterator[Target]:
    for field, ref in refs:
        if (key := generated_for(ref.name)) is not None:
            yield Target(field.view, field.object, ref, key, field)


def lost_targets(targets: Iterator[Target], mesh: Mesh) -> Iterator[tuple[Target, ServiceKey, str]]:
    """References to entries that certainly do not exist, and need not: the service, and the name that was meant.

    The name is empty where none can be told. Of an entry that must exist, other findings say that it is missing.
    """
    for one in targets:
        is_read = one.view.cluster.has_read(kinds.SERVICE_ENTRY, mesh.istio_namespace) and not one.view.home.problem
        if one.is_entry and is_read and one.entry is None and not _is_awaited(one, mesh):
            key, name = _meant(one, mesh)
            yield one, key, name


def _is_awaited(one: Target, mesh: Mesh) -> bool:
    expected = mesh.expected_of(one.view.context, one.key)
    return any(one.ref.name in entry.names and entry.host not in one.view.entries for entry in expected)


def _meant(one: Target, mesh: Mesh) -> tuple[ServiceKey, str]:
    """The entry of the same service (of several that of the own segment), or of one that is called nearly so."""
    key, entries = one.key, one.entries
    if not entries and (near := meant_key(mesh, one.view, one.key)) is not None:
        key, entries = near, one.view.named_entries.get(near, [])
    own = f".{one.view.home.domain}"
    ranked = sorted(entries, key=lambda entry: (not any(host.endswith(own) for host in entry.hosts), entry.name))
    return key, ranked[0].name if ranked else ""
