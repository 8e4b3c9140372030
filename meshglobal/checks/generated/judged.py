"""Walk the verdicts of which something is wrong with the generated entries; what these checks have in common.

A check of this band says nothing of its own: it repeats what the verdict's reason says, with evidence and a remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from meshglobal.checks.mesh import Mesh
from meshglobal.checks.remedy import mended_by
from meshglobal.domain.expectation import ExpectedEntry
from meshglobal.domain.finding import Evidence, Finding
from meshglobal.domain.fleet import control_planes
from meshglobal.domain.kinds import SERVICE_ENTRY, Kind
from meshglobal.domain.links import Tie, tie_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import ServiceEntry
from meshglobal.domain.verdict import Deviation, Verdict
from meshglobal.domain.view import ClusterView

_ENOUGH = 3
"""Peers that are named in a command, so that it can be read in a mesh of many clusters."""


class Judged(NamedTuple):
    """A verdict, with the cluster that it is about."""

    mesh: Mesh
    verdict: Verdict
    view: ClusterView

    @property
    def key(self) -> ServiceKey:
        """The service."""
        return ServiceKey(self.verdict.namespace, self.verdict.service)

    @property
    def wanted(self) -> ExpectedEntry | None:
        """The entry that must stand there; None where none must."""
        return self.mesh.expectation.entries[self.view.context].get(self.verdict.host or "")

    @property
    def entries(self) -> list[ServiceEntry]:
        """The entries that were judged, by name."""
        named = [one for one in self.view.named_entries.get(self.key, []) if one.name == self.verdict.entry]
        return sorted(self.view.entries.get(self.verdict.host or "", named), key=lambda one: one.name)

    def seen(
        self,
        name: str,
        field: str = "",
        value: str | None = None,
        expected: str | None = None,
        kind: Kind = SERVICE_ENTRY,
    ) -> Evidence:
        """A field of an entry in the control plane's namespace, or its absence."""
        return Evidence(
            context=self.view.context,
            kind=kind.name,
            namespace=self.mesh.istio_namespace,
            name=name,
            field=field,
            value=value,
            expected=expected,
        )


def judged(mesh: Mesh, deviation: Deviation) -> Iterator[Judged]:
    """The verdicts that speak of a deviation."""
    views = {view.context: view for view in mesh.views}
    for verdict in mesh.verdicts:
        if deviation in verdict.deviations:
            yield Judged(mesh, verdict, views[verdict.context])


def restarting(one: Judged, found: Finding) -> Finding:
    """The finding as it is, whose command restarts istiod, where all else is seen to be well; else `diagnose`."""
    missing = [view for view in one.mesh.views if view.context in one.verdict.missing_peers]
    are_linked = all(tie_of(one.view, peer) is Tie.LINKED for peer in missing)
    if control_planes(one.view) and are_linked:
        return found
    others = [
        context for context in (one.verdict.missing_peers or one.verdict.publishers) if context != one.view.context
    ]
    contexts = ",".join(sorted({one.view.context, *others[:_ENOUGH]}))
    words = ("svc", one.key.name, "-n", one.key.namespace, "--context", contexts)
    return mended_by(found, "meshglobal", "diagnose", *words)
