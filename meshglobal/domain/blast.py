"""Blast radius: what a set of steps would change beyond the labels themselves.

Computed by applying the steps to the snapshot and comparing what is published before and after: which services turn
global or stop, which hosts gather endpoints of several clusters, whose cluster-local name is taken over, and where
ports of one name disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from meshglobal.domain.labels import Section
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Namespace, Object, Service
from meshglobal.domain.plan import Step
from meshglobal.domain.ports import ports_text
from meshglobal.domain.publication import Publication
from meshglobal.domain.view import ClusterView

T = TypeVar("T", bound=Object)


def patched(found: T, step: Step) -> T:
    """An object as it is after a step."""
    metadata = found.metadata
    keys = {
        Section.LABEL: dict(metadata.labels or {}),
        Section.ANNOTATION: dict(metadata.annotations or {}),
    }
    for change in step.changes:
        keys[change.section].pop(change.key, None)
        if change.after is not None:
            keys[change.section][change.key] = change.after
    after: Meta = msgspec.structs.replace(metadata, labels=keys[Section.LABEL], annotations=keys[Section.ANNOTATION])
    return msgspec.structs.replace(found, metadata=after)


def view_after(view: ClusterView, steps: Sequence[Step]) -> ClusterView:
    """A cluster as it is after the steps that concern it."""
    own = [step for step in steps if step.context == view.context]
    if not own:
        return view
    services, namespaces = dict(view.services), dict(view.namespaces)
    for step in own:
        key = ServiceKey(step.namespace, step.name)
        if step.kind.record is Service and key in services:
            services[key] = patched(services[key], step)
        elif step.kind.record is Namespace and step.name in namespaces:
            namespaces[step.name] = patched(namespaces[step.name], step)
    return view.labelled(services, namespaces)


@dataclass(frozen=True, slots=True)
class Blast:
    """What would change, each as a sentence's worth of data.

    Attributes:
        starts: services that turn global, with the contexts in which they do.
        stops: services that stop being published, with the contexts.
        vanishes: hosts that nobody would publish any more.
        merges: hosts that would gather several clusters' endpoints, with all publishers.
        taken_over: services whose cluster-local name would be answered by the global host.
        conflicts: hosts whose publishers' ports differ, as text.
    """

    starts: Mapping[ServiceKey, tuple[str, ...]]
    stops: Mapping[ServiceKey, tuple[str, ...]]
    vanishes: tuple[str, ...]
    merges: Mapping[str, tuple[str, ...]]
    taken_over: Mapping[ServiceKey, tuple[str, ...]]
    conflicts: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but labels changes."""
        return not (self.starts or self.stops or self.taken_over or self.merges or self.conflicts)


def _by_key(pairs: Sequence[tuple[ServiceKey, str]]) -> dict[ServiceKey, tuple[str, ...]]:
    found: dict[ServiceKey, list[str]] = {}
    for key, context in pairs:
        found.setdefault(key, []).append(context)
    return {key: tuple(contexts) for key, contexts in sorted(found.items())}


def _by_host(publications: Sequence[Publication]) -> dict[str, list[Publication]]:
    found: dict[str, list[Publication]] = {}
    for publication in publications:
        if publication.host is not None:
            found.setdefault(publication.host, []).append(publication)
    return found


def blast_radius(views: Sequence[ClusterView], steps: Sequence[Step]) -> Blast:
    """Compare what is published before and after the steps."""
    before = [publication for view in views for publication in view.publications]
    concerned: dict[str, list[Step]] = {}
    for step in steps:
        concerned.setdefault(step.context, []).append(step)
    after = [one for view in views for one in view_after(view, concerned.get(view.context, [])).publications]
    was = {(publication.key, publication.context): publication for publication in before}
    becomes = {(publication.key, publication.context): publication for publication in after}
    hosts_before, hosts_after = _by_host(before), _by_host(after)
    grown = {
        host: behind
        for host, behind in hosts_after.items()
        if {one.context for one in behind} - {one.context for one in hosts_before.get(host, [])}
    }
    taken = [pair for pair, one in becomes.items() if one.scope.is_taken_over and not _was_taken_over(was.get(pair))]
    return Blast(
        starts=_by_key([pair for pair in becomes if pair not in was]),
        stops=_by_key([pair for pair in was if pair not in becomes]),
        vanishes=tuple(sorted(hosts_before.keys() - hosts_after.keys())),
        merges={
            host: tuple(one.context for one in behind) for host, behind in sorted(grown.items()) if len(behind) > 1
        },
        taken_over=_by_key(taken),
        conflicts={host: text for host, behind in sorted(grown.items()) if (text := _conflict(behind))},
    )


def _was_taken_over(publication: Publication | None) -> bool:
    return publication is not None and publication.scope.is_taken_over is True


def _conflict(behind: Sequence[Publication]) -> str:
    ports: dict[str, list[str]] = {}
    for publication in behind:
        ports.setdefault(ports_text(publication.ports), []).append(publication.context)
    if len(ports) < 2:  # noqa: PLR2004 - two that differ
        return ""
    return "; ".join(f"{text} in {', '.join(contexts)}" for text, contexts in ports.items())
