"""What a sandbox is asked to be: how many clusters, with what in them, under which answers to the open questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from meshglobal.sandbox.runtime.errors import AskedWrongError

MOST_CLUSTERS = 200
_MARK_LENGTH = 16


class Shape(msgspec.Struct, frozen=True):
    """A sandbox as it was asked for. Two of the same shape can stand for each other."""

    clusters: int
    scenario: str
    """A built-in scenario, or the absolute path of a file."""
    content: str = ""
    """For a file: what tells its present content from another."""
    switches: tuple[str, ...] = ()
    """`switch=answer`, sorted."""

    @property
    def names(self) -> tuple[str, ...]:
        """The clusters' names, which are their contexts' names too."""
        return tuple(f"cluster{number}" for number in range(1, self.clusters + 1))

    def __str__(self) -> str:
        count = "1 cluster" if self.clusters == 1 else f"{self.clusters} clusters"
        with_switches = f" ({', '.join(self.switches)})" if self.switches else ""
        return f"{count} with {self.scenario}{with_switches}"


def asked_shape(clusters: int, scenario: str, switches: Sequence[str] = ()) -> Shape:
    """The shape that a user asked for: everything that can be checked without a cluster is right.

    Raises AskedWrongError for a scenario, a number of clusters or a switch that cannot be.
    """
    from meshglobal.sandbox.controlplane.switches import Switches
    from meshglobal.sandbox.scenarios.loading import is_built_in

    if not 1 <= clusters <= MOST_CLUSTERS:
        raise AskedWrongError(f"a sandbox has 1 to {MOST_CLUSTERS} clusters, not {clusters}")
    try:
        Switches.parse(switches)
    except ValueError as wrong:
        raise AskedWrongError(str(wrong)) from wrong
    if is_built_in(scenario):
        return Shape(clusters, scenario, switches=tuple(sorted(switches)))
    path = Path(scenario).absolute()
    return Shape(clusters, str(path), _mark(path), tuple(sorted(switches)))


def _mark(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:_MARK_LENGTH]
    except OSError:
        return ""  # loading the scenario says what is wrong with the file, in its own words
