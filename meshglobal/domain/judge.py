"""Hold the expectation against what stands in the clusters: one verdict per global host and cluster.

The order of questions for an expected host: could we read here at all? is there an entry for the host? does it say
the right things? have all publishers joined? is the cluster's own Service part of it? The first "no" is the verdict.
What stands there without being expected is stale, unless somebody whom we cannot see may have published it (R23, R31).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence

import msgspec

from meshglobal.domain import kinds
from meshglobal.domain.compare import by_network, differences, missing_peers, outside_peers
from meshglobal.domain.expectation import Expectation, ExpectedEntry, Local
from meshglobal.domain.labels import SERVICE_SCOPE, USE_WAYPOINT
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import ServiceEntry
from meshglobal.domain.verdict import State, Verdict
from meshglobal.domain.view import ClusterView

_GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name"


class Judge:
    """Judges the hosts of one mesh. ``keys``: only these services; None: all."""

    def __init__(
        self,
        views: Sequence[ClusterView],
        expectation: Expectation,
        istio_namespace: str,
        keys: Container[ServiceKey] | None = None,
    ) -> None:
        self._views = views
        self._expectation = expectation
        self._istio_namespace = istio_namespace
        self._keys = keys
        self._by_context = {view.context: view for view in views}
        self._by_network: dict[tuple[str, ...], dict[str, list[ClusterView]]] = {}
        self._waypoints = frozenset(waypoints_of(views))

    def verdicts(self) -> list[Verdict]:
        """All verdicts, by service, host and order of clusters."""
        found = [verdict for view in self._views for verdict in self._cluster(view)]
        order = {view.context: position for position, view in enumerate(self._views)}
        return sorted(found, key=lambda one: (one.namespace, one.service, one.host or "", order[one.context]))

    def _is_asked(self, key: ServiceKey) -> bool:
        return self._keys is None or key in self._keys

    def _cluster(self, view: ClusterView) -> Iterator[Verdict]:
        expected = self._expectation.entries[view.context]
        for entry in expected.values():
            if self._is_asked(entry.key):
                yield self._expected(view, entry, expected)
        for publication in self._expectation.publications:
            if publication.host is None and publication.context == view.context and self._is_asked(publication.key):
                state = State.UNKNOWN if view.home.is_unread else State.MISSING
                yield _verdict(publication.key, view, state, f"no host can be computed: {view.home.problem}")
        yield from self._unexpected(view, expected)

    def _expected(self, view: ClusterView, wanted: ExpectedEntry, expected: Collection[str]) -> Verdict:
        if (gap := view.cluster.gap_for(kinds.SERVICE_ENTRY, self._istio_namespace)) is not None:
            return _about(wanted, view, State.UNKNOWN, gap.failure.message)
        entries = view.entries.get(wanted.host, [])
        if not entries:
            return self._absent(view, wanted, expected)
        if len(entries) > 1:
            names = ", ".join(sorted(entry.name for entry in entries))
            return _about(wanted, view, State.DRIFT, f"{len(entries)} entries carry this host: {names}", entries)
        if wrong := differences(wanted, entries[0]):
            return _about(wanted, view, State.DRIFT, "; ".join(wrong), entries)
        if absent := self._missing_peers(view, wanted):
            reason = f"no WorkloadEntry for the endpoints of {_listed(absent)} (R19)"
            partial = _about(wanted, view, State.PARTIAL, reason, entries)
            return msgspec.structs.replace(partial, missing_peers=tuple(absent))
        state, reason = self._joined(view, wanted)
        return _about(wanted, view, state, reason, entries)

    def _absent(self, view: ClusterView, wanted: ExpectedEntry, expected: Collection[str]) -> Verdict:
        others = [
            entry
            for entry in view.named_entries.get(wanted.key, [])
            if entry.name in wanted.names and not any(host in expected for host in entry.hosts)
        ]
        if others:
            hosts = ", ".join(host for entry in others for host in entry.hosts) or "none"
            return _about(wanted, view, State.DRIFT, f"the entry's host is {hosts}, not {wanted.host} (R6)", others)
        because = f"published by {_listed(wanted.publishers)}"
        return _about(wanted, view, State.MISSING, f"no ServiceEntry in {self._istio_namespace}, though {because}")

    def _joined(self, view: ClusterView, wanted: ExpectedEntry) -> tuple[State, str]:
        remote = wanted.publishers != (view.context,)
        if remote and (gap := view.cluster.gap_for(kinds.WORKLOAD_ENTRY, self._istio_namespace)) is not None:
            return State.UNKNOWN, f"whether the peers have joined is unknown: {gap.failure.message}"
        return _own_share(view, wanted)

    def _missing_peers(self, view: ClusterView, wanted: ExpectedEntry) -> list[str]:
        if view.cluster.gap_for(kinds.WORKLOAD_ENTRY, self._istio_namespace) is not None:
            return []
        return missing_peers(wanted.key, view, self._networks(wanted.publishers))

    def _networks(self, publishers: tuple[str, ...]) -> dict[str, list[ClusterView]]:
        if publishers not in self._by_network:
            self._by_network[publishers] = by_network(publishers, self._by_context)
        return self._by_network[publishers]

    def _unexpected(self, view: ClusterView, expected: dict[str, ExpectedEntry]) -> Iterator[Verdict]:
        drifted = {name for entry in expected.values() if entry.host not in view.entries for name in entry.names}
        for key, entries in view.named_entries.items():
            for entry in entries:
                is_known = entry.name in drifted or any(host in expected for host in entry.hosts)
                if self._is_asked(key) and not is_known and key not in self._waypoints:
                    yield from self._stray(view, key, entry)

    def _stray(self, view: ClusterView, key: ServiceKey, entry: ServiceEntry) -> Iterator[Verdict]:
        if outside_peers(view.peers.get(key, []), self._views):
            return
        if unread := self._expectation.unread:
            context, why = next(iter(unread.items()))
            reason = f"no cluster that could be read publishes it; {context} could not be read: {why}"
            yield _verdict(key, view, State.UNKNOWN, reason, (entry,))
        else:
            reason = "no selected cluster publishes it here any more (R31)"
            yield _verdict(key, view, State.STALE, reason, (entry,))


def _own_share(view: ClusterView, wanted: ExpectedEntry) -> tuple[State, str]:
    """What the cluster's own Service has to do with a host that stands there as it should (R17, R18)."""
    match wanted.local:
        case Local.UNREAD:
            gap = view.cluster.gap_for(kinds.SERVICE) or view.cluster.gap_for(kinds.NAMESPACE)
            why = gap.failure.message if gap is not None else "its Services were not read"
            return State.UNKNOWN, f"whether this cluster's own endpoints have joined is unknown: {why}"
        case Local.UNLABELLED:
            return State.PARTIAL, f"reachable, not aggregated: the local Service has no {SERVICE_SCOPE} label (R18)"
        case Local.OPTED_OUT:
            return State.READY, "reachable, not aggregated: the local Service opts out (R18)"
        case Local.ABSENT:
            return State.READY, f"no local Service: served by {_listed(wanted.publishers)} (R17)"
        case Local.PUBLISHED:
            return State.READY, ""


def waypoints_of(views: Sequence[ClusterView]) -> Iterator[ServiceKey]:
    """Services that are waypoints: the control plane generates entries for them unasked (R23)."""
    for view in views:
        for key, service in view.services.items():
            if "waypoint" in (service.metadata.label(_GATEWAY_CLASS) or ""):
                yield key
            if (name := service.metadata.label(USE_WAYPOINT)) is not None:
                yield ServiceKey(key.namespace, name)
        for namespace in view.namespaces.values():
            if (name := namespace.metadata.label(USE_WAYPOINT)) is not None:
                yield ServiceKey(namespace.name, name)


def _listed(contexts: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(contexts[:most])
    return shown if len(contexts) <= most else f"{shown} and {len(contexts) - most} more"


def _verdict(
    key: ServiceKey, view: ClusterView, state: State, reason: str, entries: Sequence[ServiceEntry] = ()
) -> Verdict:
    return Verdict(
        namespace=key.namespace,
        service=key.name,
        context=view.context,
        state=state,
        reason=reason,
        found_hosts=tuple(host for entry in entries for host in entry.hosts),
        entry=entries[0].name if entries else None,
        entry_created=entries[0].metadata.creation_timestamp if entries else None,
    )


def _about(
    wanted: ExpectedEntry, view: ClusterView, state: State, reason: str, entries: Sequence[ServiceEntry] = ()
) -> Verdict:
    return Verdict(
        namespace=wanted.key.namespace,
        service=wanted.key.name,
        context=view.context,
        state=state,
        reason=reason,
        host=wanted.host,
        found_hosts=tuple(host for entry in entries for host in entry.hosts),
        entry=entries[0].name if entries else None,
        entry_created=entries[0].metadata.creation_timestamp if entries else None,
        publishers=wanted.publishers,
    )
