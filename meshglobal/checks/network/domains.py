"""The domains of all segments, each with one cluster that has them so."""

from __future__ import annotations

from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.network.members import seen, segments_of
from meshglobal.domain.finding import Evidence
from meshglobal.domain.names import DEFAULT_DOMAIN
from meshglobal.domain.view import ClusterView


class NamedDomain(NamedTuple):
    """A segment's domain. ``view``: the first cluster, by context, that has it so; None for the default segment."""

    name: str
    domain: str
    view: ClusterView | None

    def evidence(self, mesh: Mesh) -> Evidence:
        """The Segment with its domain; only for those that are objects."""
        if self.view is None:
            raise ValueError("the default segment is no object")
        return seen(self.view, mesh, self.name, self.domain)


DEFAULT = NamedDomain("", DEFAULT_DOMAIN, None)


def named_domains(mesh: Mesh) -> list[NamedDomain]:
    """The default segment's, and each domain that a Segment has in some cluster, by name and domain."""
    found: dict[tuple[str, str], ClusterView] = {}
    for view in sorted(mesh.views, key=lambda one: one.context):
        for name, domain in segments_of(view, mesh).items():
            if domain:  # one without a domain is no segment at all
                found.setdefault((name, domain), view)
    return [DEFAULT, *(NamedDomain(name, domain, view) for (name, domain), view in sorted(found.items()))]
