"""Pools: where the requests to one port of one host go, worked out for one kind of caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Endpoint(NamedTuple):
    """Something that takes requests: a pod's server, or the east-west listener of another cluster's Envoy."""

    address: str
    port: int
    weight: int = 1
    """How many pods stand behind it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The endpoints behind one port of one host, nearest tier first; a farther one serves where a nearer cannot.

    `name` is unique in a cluster's Envoy. `onward` names the pool at the far end of a hop to another cluster.
    """

    name: str
    tiers: tuple[tuple[Endpoint, ...], ...]
    onward: str = ""
