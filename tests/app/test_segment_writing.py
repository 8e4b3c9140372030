"""Waiting for a change of segments: until what was foretold is there, and what was to go is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from memory_fleet import MemoryFleet
from mesh_cases import fleet_of, record_of
from segment_objects import cluster

from meshglobal.app.picture import MeshSettings
from meshglobal.app.segment_planning import plan_change
from meshglobal.app.segment_writing import Result, SegmentOrder, Work, carry_out, make_work
from meshglobal.domain import kinds
from meshglobal.domain.errors import CannotCheckError, ConflictError, RefusedError
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.report import Report
from meshglobal.domain.segment_intent import Action, SegmentIntent

OLD, NEW = "reviews.bookinfo.mesh.internal", "reviews.bookinfo.mesh.acme"
JOIN = SegmentIntent(Action.ASSIGN, ("c1",), "acme")


def entry(name: str, host: str) -> dict[str, Any]:
    ports = [{"number": 9080, "name": "http", "protocol": "HTTP"}]
    spec = {"hosts": [host], "ports": ports, "resolution": "STATIC"}
    return {"kind": "ServiceEntry", "metadata": {"name": name, "namespace": "istio-system"}, "spec": spec}


class FakeClock:
    """Time that `on_idle` moves on."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time

    def now(self) -> float:
        return self.time


class NoObjects:
    """Nobody writes whole objects here."""

    def write_objects(
        self, steps: Sequence[ObjectStep], *, dry_run: bool = False, overwrite: bool = False
    ) -> list[ObjectResult]:
        raise AssertionError((steps, dry_run, overwrite))


def work(fleet: MemoryFleet, intent: SegmentIntent = JOIN, **order: Any) -> Work:
    return make_work(plan_change(fleet, MeshSettings(), intent), SegmentOrder(**order))


def run(fleet: MemoryFleet, clock: FakeClock, told: list[Result]) -> Report:
    fleet.monotonic = clock.monotonic
    return carry_out(fleet, NoObjects(), clock, work(fleet, wait=10.0), told.extend)


def test_it_waits_until_the_new_host_is_there_and_the_old_one_gone() -> None:
    fleet, clock, told = fleet_of({"c1": [*cluster(), entry("autogen.bookinfo.reviews", OLD)]}), FakeClock(), []
    seen: list[str] = []

    def control_plane(_fleet: MemoryFleet) -> bool:
        clock.time += 1
        if not seen:
            seen.append("made")
            fleet.put("c1", record_of(entry("autogen.acme.bookinfo.reviews", NEW)))
        elif seen == ["made"]:
            seen.append("gone")
            fleet.delete("c1", kinds.SERVICE_ENTRY, "istio-system", "autogen.bookinfo.reviews")
        return clock.time < 10

    fleet.on_idle = control_plane
    report = run(fleet, clock, told)
    assert seen == ["made", "gone"]
    assert (report.exit_code, [one.host for one in report.hosts]) == (0, [NEW])
    assert [one.status for one in told] == ["changed"]


def test_it_says_so_when_the_old_host_stays() -> None:
    objects = [*cluster(), entry("autogen.bookinfo.reviews", OLD), entry("autogen.acme.bookinfo.reviews", NEW)]
    fleet, clock = fleet_of({"c1": objects}), FakeClock()

    def nothing(_fleet: MemoryFleet) -> bool:
        clock.time += 5
        return clock.time < 10

    fleet.on_idle = nothing
    assert run(fleet, clock, []).exit_code == 5


def test_a_missing_right_in_one_cluster_keeps_all_from_being_written() -> None:
    fleet = fleet_of({"c1": cluster(), "c2": cluster()})
    made = work(fleet, SegmentIntent(Action.ASSIGN, ("c1", "c2"), "acme"))
    fleet.forbidden["c2"] = {step.kind for step in made.labels}
    told: list[Result] = []
    report = carry_out(fleet, NoObjects(), FakeClock(), made, told.extend)
    assert (report.exit_code, told) == (3, [])
    assert [(one.context, one.status) for one in report.writes] == [("c2", "failed")]
    assert work(fleet).size == 1  # c1 was not labelled


def test_what_is_in_use_or_may_be_is_not_deleted() -> None:
    gone = SegmentIntent(Action.DELETE, ("c1",), "acme")
    with pytest.raises(RefusedError, match="in use: c2 is in it"):
        work(fleet_of({"c1": cluster(), "c2": cluster("acme")}), gone)
    with pytest.raises(CannotCheckError, match="whether c2 is in segment acme could not be read"):
        work(fleet_of({"c1": cluster(), "c2": {"objects": cluster(), "forbidden": ["Namespace"]}}), gone)
    assert len(work(fleet_of({"c1": cluster(), "c2": cluster()}), gone).objects) == 1


def test_a_cluster_is_moved_out_of_another_segment_only_when_told() -> None:
    fleet = fleet_of({"c1": cluster("beta")})
    with pytest.raises(ConflictError, match="already has a value"):
        work(fleet)
    assert work(fleet, overwrite=True).size == 1
