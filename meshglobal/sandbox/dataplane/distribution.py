"""Which endpoints come first for a caller: the modes of traffic distribution (R28).

As upstream's ztunnel does it: a mode is a list of scopes; an endpoint is the nearer the more of them it shares with the
caller from the first on, and a farther one serves only where no nearer one can.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from meshglobal.sandbox.dataplane.observed import Locality
from meshglobal.sandbox.dataplane.pools import Endpoint

ANY, PREFER_NETWORK = "Any", "PreferNetwork"
_SCOPES = {
    "any": (),
    "prefernetwork": ("network",),
    "preferclose": ("network", "region", "zone", "subzone"),
    "prefersamezone": ("network", "region", "zone", "subzone"),
    "prefersamenode": ("network", "region", "zone", "subzone"),
    "preferregion": ("region",),
}
"""By the mode in small letters: annotations are compared without regard to case. Nodes are not told apart."""


class Spot(NamedTuple):
    """Where a caller or an endpoint is."""

    network: str
    locality: Locality


class Candidate(NamedTuple):
    """An endpoint and where it is."""

    endpoint: Endpoint
    spot: Spot


Tiers = tuple[tuple[Endpoint, ...], ...]


def tiers(mode: str, caller: Spot, candidates: Iterable[Candidate]) -> Tiers:
    """The endpoints in tiers, nearest first. A mode that nobody knows means Any, as upstream has it."""
    scopes = _SCOPES.get(mode.lower(), ())
    found: dict[int, list[Endpoint]] = {}
    for each in candidates:
        found.setdefault(_shared(scopes, caller, each.spot), []).append(each.endpoint)
    return tuple(tuple(found[shared]) for shared in sorted(found, reverse=True))


def _shared(scopes: tuple[str, ...], caller: Spot, other: Spot) -> int:
    """How many scopes the two have in common before the first in which they differ."""
    count = 0
    for scope in scopes:
        if _place(caller, scope) != _place(other, scope):
            break
        count += 1
    return count


def _place(spot: Spot, scope: str) -> str:
    return spot.network if scope == "network" else str(getattr(spot.locality, scope))
