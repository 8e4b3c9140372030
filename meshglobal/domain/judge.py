"""Hold the expectation against what stands in the clusters: one verdict per global host and cluster.

The order of questions for an expected host: could we read here at all? is there an entry for the host? does it say
the right things? have all publishers joined? is the cluster's own Service part of it? The first "no" is the verdict.
What stands there without being expected is stale, unless somebody whom we cannot see may have published it (R23, R31).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from meshglobal.domain import kinds
from meshglobal.domain.compare import by_network, missing_peers, ports_difference, resolution_difference
from meshglobal.domain.expectation import Expectation, ExpectedEntry, Hosts, Local
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.leftover import doubt_about, outside_publishers, unseen_publisher, waypoints_of
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import ServiceEntry
from meshglobal.domain.publication import Publication, oddity_of
from meshglobal.domain.verdict import Deviation, State, Verdict
from meshglobal.domain.view import ClusterView


class Answer(NamedTuple):
    """What a question yields: a state, why, and what of the generated entries is wrong."""

    state: State
    reason: str = ""
    deviations: tuple[Deviation, ...] = ()
    missing_peers: tuple[str, ...] = ()


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
        self._waypoints = waypoints_of(views)
        self._entries_unread = {one.context: _why(one, kinds.SERVICE_ENTRY, istio_namespace) for one in views}
        self._peers_unread = {one.context: _why(one, kinds.WORKLOAD_ENTRY, istio_namespace) for one in views}

    def verdicts(self) -> list[Verdict]:
        """All verdicts, by service, host and order of clusters."""
        found = [verdict for view in self._views for verdict in self._cluster(view)]
        order = {view.context: position for position, view in enumerate(self._views)}
        return sorted(found, key=lambda one: (one.namespace, one.service, one.host or "", order[one.context]))

    def _asked(self, known: Mapping[ServiceKey, object]) -> Iterable[ServiceKey]:
        """Those of some services that are asked for. Of many a few are looked up, not looked for."""
        if self._keys is None:
            return known
        if isinstance(self._keys, Collection):
            return [key for key in dict.fromkeys(self._keys) if key in known]
        return [key for key in known if key in self._keys]

    def _cluster(self, view: ClusterView) -> Iterator[Verdict]:
        expected, hosts = self._expectation.entries[view.context], self._expectation.hosts[view.context]
        for key in self._asked(hosts):
            for host in hosts[key]:
                if (entry := expected[host]).key == key:
                    yield self._expected(view, entry, expected)
        unexpected = self._unexpected(view, expected, hosts)
        for key in self._asked(_hostless(view)):
            state = State.UNKNOWN if view.home.is_unread else State.MISSING
            reason = f"no host can be computed: {view.home.problem}"
            yield _verdict(key, view, Answer(state, reason), unexpected.pop(key, ()))
        for key, strays in unexpected.items():
            for stray in strays:
                yield from self._stray(view, key, stray)

    def _expected(self, view: ClusterView, wanted: ExpectedEntry, expected: Collection[str]) -> Verdict:
        if why := self._entries_unread[view.context]:
            return _about(wanted, view, Answer(State.UNKNOWN, why))
        entries = view.entries.get(wanted.host, [])
        if wanted.doubt:
            reason = f"whether the host must exist here is unknown: {wanted.doubt}"
            return _about(wanted, view, Answer(State.UNKNOWN, reason), entries)
        if not entries:
            return self._absent(view, wanted, expected)
        if len(entries) > 1:
            names = ", ".join(sorted(entry.name for entry in entries))
            reason = f"{len(entries)} entries carry this host: {names}"
            return _about(wanted, view, Answer(State.DRIFT, reason, (Deviation.SEVERAL_ENTRIES,)), entries)
        return _about(wanted, view, self._present(view, wanted, entries[0]), entries)

    def _present(self, view: ClusterView, wanted: ExpectedEntry, entry: ServiceEntry) -> Answer:
        if (wrong := self._wrong(view, wanted, entry)) is not None:
            return wrong
        if absent := self._missing_peers(view, wanted):
            return self._partial(view, wanted, absent)
        return self._joined(view, wanted)

    def _absent(self, view: ClusterView, wanted: ExpectedEntry, expected: Collection[str]) -> Verdict:
        others = [
            entry
            for entry in view.named_entries.get(wanted.key, [])
            if entry.name in wanted.names and not any(host in expected for host in entry.hosts)
        ]
        if others:
            hosts = ", ".join(host for entry in others for host in entry.hosts) or "none"
            reason = f"the entry's host is {hosts}, not {wanted.host} (R6)"
            return _about(wanted, view, Answer(State.DRIFT, reason, (Deviation.OTHER_HOST,)), others)
        if wanted.oddity:
            reason = (
                f"no ServiceEntry in {self._istio_namespace}; that {wanted.oddity} gets one is not documented (R40)"
            )
            return _about(wanted, view, Answer(State.UNKNOWN, reason))
        reason = f"no ServiceEntry in {self._istio_namespace}, though published by {_listed(wanted.publishers)}"
        return _about(wanted, view, Answer(State.MISSING, reason, (Deviation.ENTRY_MISSING,)))

    def _wrong(self, view: ClusterView, wanted: ExpectedEntry, entry: ServiceEntry) -> Answer | None:
        """What the entry says wrongly; ports may also come from a publisher that we do not see."""
        found = {Deviation.OTHER_RESOLUTION: resolution_difference(entry)}
        ports = ports_difference(wanted, entry)
        doubt = self._ports_doubt(view, wanted) if ports else ""
        if doubt and not found[Deviation.OTHER_RESOLUTION]:
            return Answer(State.UNKNOWN, f"{ports}, or those of a publisher that was not read: {doubt}")
        if not doubt:
            found[Deviation.OTHER_PORTS] = ports
        wrong = {deviation: clause for deviation, clause in found.items() if clause}
        return Answer(State.DRIFT, "; ".join(wrong.values()), tuple(wrong)) if wrong else None

    def _ports_doubt(self, view: ClusterView, wanted: ExpectedEntry) -> str:
        if view.context in wanted.publishers:
            return ""
        if outside := outside_publishers(wanted.key, view, self._views):
            return f"{_listed(outside)} not selected"
        return unseen_publisher(wanted.key, self._views)

    def _partial(self, view: ClusterView, wanted: ExpectedEntry, absent: Sequence[str]) -> Answer:
        if view.home.network is None and view.home.is_unread:
            return Answer(State.UNKNOWN, f"whether the peers have joined is unknown: {view.home.problem}")
        odd = {one: oddity_of(self._by_context[one].services[wanted.key]) for one in absent}
        if all(odd.values()):
            reason = f"no WorkloadEntry for {_listed(absent)}; that {odd[absent[0]]} gets one is not documented (R40)"
            return Answer(State.UNKNOWN, reason)
        certain = [one for one in absent if not odd[one]]
        reason = f"no WorkloadEntry for the endpoints of {_listed(certain)} (R19)"
        return Answer(State.PARTIAL, reason, (Deviation.PEER_MISSING,), tuple(certain))

    def _joined(self, view: ClusterView, wanted: ExpectedEntry) -> Answer:
        remote = wanted.publishers != (view.context,)
        if remote and (why := self._peers_unread[view.context]):
            return Answer(State.UNKNOWN, f"whether the peers have joined is unknown: {why}")
        return Answer(*_own_share(view, wanted))

    def _missing_peers(self, view: ClusterView, wanted: ExpectedEntry) -> list[str]:
        if self._peers_unread[view.context]:
            return []
        return missing_peers(wanted.key, view, self._networks(wanted.publishers))

    def _networks(self, publishers: tuple[str, ...]) -> dict[str, list[ClusterView]]:
        if publishers not in self._by_network:
            self._by_network[publishers] = by_network(publishers, self._by_context)
        return self._by_network[publishers]

    def _unexpected(
        self, view: ClusterView, expected: Mapping[str, ExpectedEntry], hosts: Hosts
    ) -> dict[ServiceKey, list[ServiceEntry]]:
        found: dict[ServiceKey, list[ServiceEntry]] = {}
        for key in self._asked(view.named_entries):
            strays = [one for one in view.named_entries[key] if not any(host in expected for host in one.hosts)]
            if strays and key not in self._waypoints:
                drifted = {
                    name for host in hosts.get(key, ()) if host not in view.entries for name in expected[host].names
                }
                if left := [one for one in strays if one.name not in drifted]:
                    found[key] = left
        return found

    def _stray(self, view: ClusterView, key: ServiceKey, entry: ServiceEntry) -> Iterator[Verdict]:
        if doubt := doubt_about(key, view, self._views, self._istio_namespace):
            reason = f"no cluster that could be read publishes it; {doubt}"
            yield _verdict(key, view, Answer(State.UNKNOWN, reason), (entry,))
        elif not outside_publishers(key, view, self._views):
            reason = "no selected cluster publishes it here any more (R31)"
            yield _verdict(key, view, Answer(State.STALE, reason, (Deviation.STALE_ENTRY,)), (entry,))


def _hostless(view: ClusterView) -> dict[ServiceKey, Publication]:
    """What a cluster publishes under a host that cannot be told."""
    is_known = view.home.domain is not None or not view.cluster.is_reached
    return {} if is_known else {one.key: one for one in view.publications}


def _why(view: ClusterView, kind: Kind, namespace: str) -> str:
    return view.cluster.why_unread(kind, namespace)


def _own_share(view: ClusterView, wanted: ExpectedEntry) -> tuple[State, str]:
    """What the cluster's own Service has to do with a host that stands there as it should (R17, R18)."""
    if wanted.local is Local.OPTED_OUT:
        return State.READY, "reachable, not aggregated: the local Service opts out (R18)"
    if wanted.local is Local.ABSENT:
        return State.READY, f"no local Service: served by {_listed(wanted.publishers)} (R17)"
    if wanted.is_home is False:
        return State.READY, f"a host of another segment: served by {_listed(wanted.publishers)} (R10)"
    if wanted.local is Local.UNREAD or wanted.is_home is None:
        why = view.why_unclear(wanted.key) or view.home.problem
        return State.UNKNOWN, f"whether this cluster's own endpoints have joined is unknown: {why}"
    if wanted.local is Local.UNLABELLED:
        return State.PARTIAL, f"reachable, not aggregated: {_unpublished(view, wanted.key)}"
    return State.READY, ""


def _unpublished(view: ClusterView, key: ServiceKey) -> str:
    effective = view.scope_of(key)
    if effective is not None and effective.is_unknown_value:
        return f"the local Service's {SERVICE_SCOPE}={effective.value!r} publishes nothing (R3)"
    return f"the local Service has no {SERVICE_SCOPE} label (R18)"


def _listed(contexts: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(contexts[:most])
    return shown if len(contexts) <= most else f"{shown} and {len(contexts) - most} more"


def _verdict(
    key: ServiceKey,
    view: ClusterView,
    answer: Answer,
    entries: Sequence[ServiceEntry] = (),
    host: str | None = None,
    publishers: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(
        namespace=key.namespace,
        service=key.name,
        context=view.context,
        state=answer.state,
        reason=answer.reason,
        host=host,
        found_hosts=tuple(host for entry in entries for host in entry.hosts),
        entry=entries[0].name if entries else None,
        entry_created=entries[0].metadata.creation_timestamp if entries else None,
        publishers=publishers,
        missing_peers=answer.missing_peers,
        deviations=answer.deviations,
    )


def _about(wanted: ExpectedEntry, view: ClusterView, answer: Answer, entries: Sequence[ServiceEntry] = ()) -> Verdict:
    return _verdict(wanted.key, view, answer, entries, wanted.host, wanted.publishers)
