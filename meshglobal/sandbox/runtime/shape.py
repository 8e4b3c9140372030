"""What a sandbox is asked to be: how many clusters, with what in them, under which answers to the open questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from meshglobal.sandbox.runtime.errors import AskedWrongError

MOST_CLUSTERS = 200
MOST_WITH_TRAFFIC = 10
"""An Envoy takes 64 MiB; more clusters have traffic only where that is asked for."""
_MARK_LENGTH = 16
_USUAL_CLUSTERS = 2
_SEGMENTS_CLUSTERS = 4
"""Two segments of two clusters."""


class Shape(msgspec.Struct, frozen=True):
    """A sandbox as it was asked for. Two of the same shape can stand for each other."""

    clusters: int
    scenario: str
    """A built-in scenario, or the absolute path of a file."""
    content: str = ""
    """For a file: what tells its present content from another."""
    switches: tuple[str, ...] = ()
    """`switch=answer`, sorted."""
    has_traffic: bool = False
    """Whether requests travel: an Envoy a cluster, and a server a pod."""

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names, which are their contexts' names too."""
        return tuple(f"cluster{number}" for number in range(1, self.clusters + 1))

    def __str__(self) -> str:
        count = "1 cluster" if self.clusters == 1 else f"{self.clusters} clusters"
        with_switches = f" ({', '.join(self.switches)})" if self.switches else ""
        usual = has_usually_traffic(self.clusters, self.scenario)
        traffic = "" if self.has_traffic == usual else f", {'with' if self.has_traffic else 'without'} traffic"
        return f"{count} with {self.scenario}{with_switches}{traffic}"


def usual_clusters(scenario: str) -> int:
    """How many clusters a mesh has unless told otherwise."""
    return _SEGMENTS_CLUSTERS if scenario == "httpbin-segments" else _USUAL_CLUSTERS


def has_usually_traffic(clusters: int, scenario: str) -> bool:
    """Whether a mesh has traffic unless told otherwise: what is for measuring has none, nor what is very large."""
    return clusters <= MOST_WITH_TRAFFIC and not scenario.startswith("bulk:")


def asked_shape(
    clusters: int | None, scenario: str, switches: Sequence[str] = (), *, has_traffic: bool | None = None
) -> Shape:
    """The shape that a user asked for: everything that can be checked without a cluster is right.

    `clusters` or `has_traffic` None means: as is usual for such a mesh.
    Raises AskedWrongError for a scenario, a number of clusters or a switch that cannot be.
    """
    from meshglobal.sandbox.controlplane.switches import Switches
    from meshglobal.sandbox.scenarios.loading import is_built_in

    if clusters is None:
        clusters = usual_clusters(scenario)
    if not 1 <= clusters <= MOST_CLUSTERS:
        raise AskedWrongError(f"a sandbox has 1 to {MOST_CLUSTERS} clusters, not {clusters}")
    try:
        Switches.parse(switches)
    except ValueError as wrong:
        raise AskedWrongError(str(wrong)) from wrong
    traffic = has_usually_traffic(clusters, scenario) if has_traffic is None else has_traffic
    if is_built_in(scenario):
        return Shape(clusters, scenario, switches=tuple(sorted(switches)), has_traffic=traffic)
    path = Path(scenario).absolute()
    return Shape(clusters, str(path), _mark(path), tuple(sorted(switches)), traffic)


def _mark(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_MARK_LENGTH]
    except OSError:
        return ""  # loading the scenario says what is wrong with the file, in its own words
