"""What a running mesh can be told from outside, as paths below /sandbox/ of every cluster's API server.

::

    POST   /sandbox/settle          wait until controllers and control planes have nothing left to do
    PUT    /sandbox/hang            this cluster's istiod pods do nothing any more; a new pod works again
    DELETE /sandbox/hang            they go on
    PUT    /sandbox/cut/PEER        this cluster and a peer do not hear one another (R33)
    DELETE /sandbox/cut/PEER        they do again
    PUT    /sandbox/partition/PEER  {"isSilent": false}: no contact at all, of requests neither
    DELETE /sandbox/partition/PEER  contact again
    GET    /sandbox/troubles        what is on here: faults, a control plane that hangs, parted peers
    PUT    /sandbox/switches        {"settings": ["switch=answer"]}: other answers to open questions, for the mesh
    DELETE /sandbox/switches        the answers that the sandbox was started with
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from meshglobal.sandbox.apiserver.cluster import EmbeddedCluster
from meshglobal.sandbox.apiserver.objects import JSON
from meshglobal.sandbox.controlplane.istiod import Istiods
from meshglobal.sandbox.controlplane.reconciler import Reconciler
from meshglobal.sandbox.controlplane.switches import Switches
from meshglobal.sandbox.runtime.partition import Partitions

_SETTLE_SECONDS = 30.0
_ROUNDS = 2  # what a control plane writes may give the controllers something to do


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    settings: list[str]


class _Partition(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    is_silent: bool = False


class Control:
    """The handles of a mesh, by which its clusters' own paths move it."""

    def __init__(
        self, clusters: Sequence[EmbeddedCluster], reconciler: Reconciler, istiods: Istiods, partitions: Partitions
    ) -> None:
        self._clusters = clusters
        self._reconciler = reconciler
        self._istiods = istiods
        self._partitions = partitions
        self._switches = reconciler.switches
        self._parted: set[frozenset[str]] = set()

    def serve(self) -> None:
        """Add the paths to every cluster."""
        for cluster in self._clusters:
            for method, word, handle in (
                ("POST", "settle", self._settle),
                ("PUT", "hang", self._hang),
                ("DELETE", "hang", self._revive),
                ("PUT", "cut", self._cut),
                ("DELETE", "cut", self._join),
                ("PUT", "partition", self._part),
                ("DELETE", "partition", self._reunite),
                ("GET", "troubles", self._troubles),
                ("PUT", "switches", self._answer),
                ("DELETE", "switches", self._answer_as_before),
            ):
                cluster.listener.own.add(method, word, partial(handle, cluster.name))

    async def _settle(self, here: str, _name: str, _body: bytes) -> JSON:
        for _ in range(_ROUNDS):
            for cluster in self._clusters:
                if cluster.controllers is not None:
                    await cluster.controllers.settled()
            await self._reconciler.settled(_SETTLE_SECONDS)
        await self._partitions.settled()
        return self._now(here)

    def _hang(self, here: str, _name: str, _body: bytes) -> JSON:
        self._istiods.hang(here)
        return self._now(here)

    def _revive(self, here: str, _name: str, _body: bytes) -> JSON:
        self._istiods.revive(here)
        return self._now(here)

    def _cut(self, here: str, peer: str, _body: bytes) -> JSON:
        self._check(here, peer)
        self._reconciler.cut(here, peer)
        return self._now(here)

    def _join(self, here: str, peer: str, _body: bytes) -> JSON:
        self._check(here, peer)
        self._reconciler.join(here, peer)
        return self._now(here)

    def _part(self, here: str, peer: str, body: bytes) -> JSON:
        self._check(here, peer)
        told = msgspec.json.decode(body or b"{}", type=_Partition)
        self._partitions.part(here, peer, is_silent=told.is_silent)
        self._parted.add(frozenset({here, peer}))
        return self._now(here)

    def _reunite(self, here: str, peer: str, _body: bytes) -> JSON:
        self._check(here, peer)
        if frozenset({here, peer}) in self._parted:
            self._partitions.join(here, peer)
            self._parted.discard(frozenset({here, peer}))
        return self._now(here)

    def _troubles(self, here: str, _name: str, _body: bytes) -> JSON:
        cluster = next(each for each in self._clusters if each.name == here)
        parted = sorted(name for pair in self._parted if here in pair for name in pair - {here})
        return {"faults": cluster.faults.names(), "hangs": here in self._istiods.hanging(), "parted": parted}

    def _answer(self, here: str, _name: str, body: bytes) -> JSON:
        told = msgspec.json.decode(body, type=_Settings).settings
        self._reconciler.answer(Switches.parse(told, self._switches))
        return self._now(here)

    def _answer_as_before(self, here: str, _name: str, _body: bytes) -> JSON:
        self._reconciler.answer(self._switches)
        return self._now(here)

    def _check(self, here: str, peer: str) -> None:
        peers = [each.name for each in self._clusters if each.name != here]
        if peer not in peers:
            raise ValueError(f"{here} has no peer {peer!r}; there are {', '.join(peers)}")

    def _now(self, here: str) -> JSON:
        """What is answered to all: how the cluster's control plane is."""
        return {"hangs": here in self._istiods.hanging(), "works": not self._reconciler.is_held(here)}
