"""What was noticed about a cluster while it was read, beside its objects.

It is data like the objects: taken down by whoever reads, kept in the snapshot, and judged by pure checks. Nothing of
it was noticed where a snapshot comes from files.
"""

from __future__ import annotations

import msgspec


class Unsteady(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A condition of a Gateway that changed while it was followed; ``seen``: its statuses in order, changes only."""

    namespace: str
    name: str
    condition: str
    seen: tuple[str, ...]


class Circumstances(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was noticed about one cluster. Times in seconds since the epoch, UTC; null where it is not known.

    Attributes:
        read_at: our clock when the cluster's first answer came.
        clock_skew: seconds by which its clock is ahead of ours (negative: behind), exact to a second and the time
            that the answer took.
        certificate_end: when the client certificate ends with which the cluster was asked.
        names: hostnames of its gateways, and whether they resolve where we are; null: that could not be found out.
        unsteady: conditions of gateways that changed while they were followed.
    """

    read_at: float | None = None
    clock_skew: float | None = None
    certificate_end: float | None = None
    names: dict[str, bool | None] = {}
    unsteady: tuple[Unsteady, ...] = ()
