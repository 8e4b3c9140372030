"""`verify --watch`: the report, and a new one whenever the clusters tell that something changed.

Nothing is asked again: the mesh is kept from the events of watches, and judged anew after them. A cluster that is lost
is unknown, with the reason, until it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from meshglobal.app.picture import MeshSettings, OnCluster, Picture, picture_of, read_picture
from meshglobal.app.ports import Clock, Fleet
from meshglobal.app.selecting import check_named, wanted_services
from meshglobal.app.verify import Verify, judged, reading_report, verify_demand
from meshglobal.app.waiting import LiveMesh, settled
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

    def report_on(picture: Picture) -> Report:
        verdicts = judged(picture, wanted, order.request)
        return reading_report("verify", picture, verdicts, wanted, _as_of_today(order, clock))

    first = read_picture(fleet, demand.queries, mesh, on_cluster)
    check_named(first, order.request)
    live = LiveMesh(first.snapshot.clusters, demand.queries)
    report = report_on(first)
    del first  # what was read would stay in memory beside what the events tell
    yield report
    for _ in settled(live, fleet.watch(demand.queries, deadline)):
        yield report_on(picture_of(live.snapshot(), mesh))


def _as_of_today(order: Verify, clock: Clock) -> Verify:
    """Waivers may expire while it runs."""
    today = datetime.fromtimestamp(clock.now(), UTC).date().isoformat()
    return replace(order, allowances=msgspec.structs.replace(order.allowances, today=today))
