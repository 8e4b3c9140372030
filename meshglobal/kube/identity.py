"""Which contexts lead to the same cluster: those with the same UID of kube-system, or, unknown, the same server."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from meshglobal.domain.snapshot import ClusterSnapshot


class Claims:
    """Who reads which cluster during a run: of several contexts the one that was selected first."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._lock = threading.Lock()

    def claim(self, uid: str, place: int) -> bool:
        """Whether the context at this place of the selection is to read the cluster; False: an earlier one does."""
        with self._lock:
            first = self._first[uid] = min(place, self._first.get(uid, place))
            return first == place


def each_cluster_once(contexts: Iterable[tuple[str, ClusterSnapshot]]) -> tuple[ClusterSnapshot, ...]:
    """Merge (server, snapshot) pairs: the first of each cluster stays, the others become its aliases."""
    pairs = list(contexts)
    uids = {server: cluster.uid for server, cluster in reversed(pairs) if cluster.uid}
    merged: dict[tuple[str, str], ClusterSnapshot] = {}
    for server, cluster in pairs:
        key = _key(server, cluster, uids)
        first = merged.get(key)
        merged[key] = replace(first, aliases=(*first.aliases, cluster.context)) if first else cluster
    return tuple(merged.values())


def _key(server: str, cluster: ClusterSnapshot, uids: dict[str, str]) -> tuple[str, str]:
    """Contexts that fail in different ways are kept apart: one of them may be the one to mend."""
    if cluster.uid:
        return cluster.uid, ""
    if cluster.is_reached:
        return uids.get(server, server), ""
    return server or cluster.context, cluster.gaps[0].failure.cause
