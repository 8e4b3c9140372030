"""`verify --watch`: the report, and a new one whenever the clusters tell that something changed.

Nothing is asked again: watches go on from what was read, and the mesh is judged anew after their events. A cluster that
is lost is unknown, with the reason, until it comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from meshglobal.app.live_mesh import FollowedMesh
from meshglobal.app.picture import MeshSettings, OnCluster, Picture
from meshglobal.app.ports import Clock, ClusterEvent, Fleet, Following
from meshglobal.app.selecting import check_named, wanted_services
from meshglobal.app.verify import Verify, judged, reading_report, verify_demand
from meshglobal.app.waiting import settled
from meshglobal.domain.report import Report


def follow(
    fleet: Fleet, clock: Clock, mesh: MeshSettings, order: Verify, deadline: float, on_cluster: OnCluster | None = None
) -> Iterator[Report]:
    """The report now, then one after each change, until the deadline; infinite: until the iterator is dropped.

    A label selector is asked once: the services that match when it begins are followed.

    Raises:
        NotFoundError: a service or namespace that was named is nowhere when it begins.
        UsageError: an illegible selector.
    """
    demand = verify_demand(mesh, order)
    wanted = wanted_services(fleet, order.request)
    wish = Following(demand.queries, deadline=deadline)
    followed = FollowedMesh([member.context for member in fleet.members], wish, mesh)
    is_named = False
    for picture in _pictures(followed, _told(fleet.follow(wish), on_cluster)):
        if not is_named:
            check_named(picture, order.request)
            is_named = True
        verdicts = judged(picture, wanted, order.request)
        yield reading_report("verify", picture, verdicts, wanted, _as_of_today(order, clock))


def _pictures(followed: FollowedMesh, events: Iterable[ClusterEvent]) -> Iterator[Picture]:
    """At least one, though the time may be over before all clusters have been read."""
    is_first = True
    for _ in settled(followed, events):
        followed.touched.taken()  # all is judged anew
        yield followed.picture()
        is_first = False
    if is_first:
        yield followed.picture()


def _told(events: Iterable[ClusterEvent], on_cluster: OnCluster | None) -> Iterator[ClusterEvent]:
    for event in events:
        if on_cluster is not None and event.cluster is not None:
            on_cluster(event.cluster)
        yield event


def _as_of_today(order: Verify, clock: Clock) -> Verify:
    """Waivers may expire while it runs."""
    today = datetime.fromtimestamp(clock.now(), UTC).date().isoformat()
    return replace(order, allowances=msgspec.structs.replace(order.allowances, today=today))
