"""The desk where plans lie: how long, how many, and what becomes of those that break off. On a fleet in memory."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from memory_fleet import MemoryFleet

from meshglobal.app.picture import MeshSettings, mesh_queries, picture_of
from meshglobal.dashboard.actions import applied, plan_shown
from meshglobal.dashboard.actions_desk import LIFETIME, MOST_PLANS, Desk, Kept, Surroundings, UnreachableError
from meshglobal.dashboard.actions_documents import PlanAsked
from meshglobal.dashboard.actions_fleet import sparing
from meshglobal.dashboard.actions_record import Recorder
from meshglobal.domain.errors import ExitCode, MeshglobalError, NotFoundError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.domain.objects import Meta, Namespace, Service
from meshglobal.domain.plan import DOUBT, Status, Step, StepResult
from meshglobal.domain.report import Report, write_report
from meshglobal.domain.snapshot import Query
from meshglobal.files.write_journal import WriteJournal

MESH = MeshSettings()
REFUSED = failure(Cause.REFUSED, "connection refused", "two")


def service(name: str, **labels: str) -> Service:
    return Service(Meta(name=name, namespace="shop", labels=labels))


def world() -> MemoryFleet:
    shop = Namespace(Meta(name="shop"))
    fleet = MemoryFleet({name: [shop, service("web"), service("db")] for name in ("one", "two")})
    fleet.on_idle = lambda _: False  # no control plane: nothing comes of waiting
    return fleet


@dataclass
class Clock:
    """Goes on when it is told to."""

    time: float = 1_000.0

    def monotonic(self) -> float:
        return self.time

    def now(self) -> float:
        return self.time


@dataclass
class Office:
    """A desk on clusters in memory."""

    folder: Path
    fleet: MemoryFleet = field(default_factory=world)
    clock: Clock = field(default_factory=Clock)

    def desk(self, **around: Any) -> Desk:
        recorder = Recorder(WriteJournal(self.folder / "writes.jsonl"), self.clock, "me")
        self.fleet.monotonic = self.clock.monotonic
        return Desk(Surroundings(self.fleet, self.clock, MESH, recorder, lambda: None, **around))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def asked(**given: Any) -> PlanAsked:
    return PlanAsked(**({"action": "expose", "namespace": "shop", "names": ("web",)} | given))


def run(desk: Desk, story: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    try:
        return asyncio.run(story())
    finally:
        desk.stop()


def test_a_plan_can_be_agreed_to_for_ten_minutes(office: Office) -> None:
    desk = office.desk()

    async def story() -> Report:
        in_time = await desk.plan(asked())
        office.clock.time += LIFETIME - 1
        report = await desk.apply(in_time.id, ())
        late = await desk.plan(asked(action="unexpose"))
        office.clock.time += LIFETIME
        with pytest.raises(NotFoundError, match="for ten minutes"):
            await desk.apply(late.id, ())
        return report

    assert [write.status for write in run(desk, story).writes] == [Status.CHANGED, Status.CHANGED]


def test_no_more_plans_are_kept_than_there_is_room_for(office: Office) -> None:
    desk = office.desk()

    async def story() -> None:
        plans = [await desk.plan(asked()) for _ in range(MOST_PLANS + 1)]
        with pytest.raises(NotFoundError):
            await desk.apply(plans[0].id, ())
        await desk.apply(plans[1].id, ())

    run(desk, story)


def test_too_many_at_once_are_sent_away(office: Office) -> None:
    desk = office.desk()

    async def story() -> list[Kept | BaseException]:
        return await asyncio.gather(*(desk.plan(asked()) for _ in range(40)), return_exceptions=True)

    ends = run(desk, story)
    sent_away = [one for one in ends if isinstance(one, MeshglobalError)]
    assert sent_away
    assert len(sent_away) < len(ends)
    assert {str(one) for one in sent_away} == {"several plans are being made already"}


class Doomed(MemoryFleet):
    """Its end comes while it writes."""

    def write(self, steps: Any, *, dry_run: bool = False, overwrite: bool = False, on_result: Any = None) -> Any:
        if dry_run:
            return super().write(steps, dry_run=True, overwrite=overwrite, on_result=on_result)
        raise self.end

    end: BaseException = SystemExit()


@pytest.mark.parametrize(
    ("end", "told"), [(MeshglobalError("broken off"), "broken off"), (RuntimeError("a bug"), None)]
)
def test_what_broke_off_does_not_look_finished(office: Office, end: Exception, told: str | None) -> None:
    shop = Namespace(Meta(name="shop"))
    office.fleet = Doomed({"one": [shop, service("web")]})
    office.fleet.end = end
    desk = office.desk()

    async def story() -> None:
        kept = await desk.plan(asked())
        with pytest.raises(type(end)):
            await desk.apply(kept.id, ())

    run(desk, story)
    [entry] = desk.around.recorder.shown().entries
    assert (entry.state, entry.outcome) == (("ended", "unknown") if told else ("unknown", None))
    assert entry.message == (told or "")
    assert entry.objects[0].changes[0].after == "global"


def test_an_alias_of_a_protected_context_is_protected(office: Office) -> None:
    shop = Namespace(Meta(name="shop"))
    office.fleet = MemoryFleet({"one": [shop, service("web")], "prod": []}, uids={"one": "u", "prod": "u"})
    desk = office.desk(protected=("prod",))
    kept = run(desk, lambda: desk.plan(asked()))
    assert kept.needs_names == ("one",)


def test_where_nothing_can_be_read_nothing_can_be_planned(office: Office) -> None:
    office.fleet.unreachable["two"] = REFUSED
    desk = office.desk()
    with pytest.raises(UnreachableError, match="two could not be read: connection refused"):
        run(desk, lambda: desk.plan(asked(contexts=("two",))))


def test_a_cluster_that_is_known_to_be_out_of_reach_is_not_asked(office: Office) -> None:
    office.fleet.unreachable["two"] = REFUSED
    queries = mesh_queries(MESH, "shop")
    known = picture_of(office.fleet.read(queries), MESH).snapshot
    office.fleet.unreachable.clear()  # whoever asks it now would be answered
    spared = sparing(office.fleet, known, (), ())
    found = {cluster.context: cluster.is_reached for cluster in spared.read(queries).clusters}
    assert found == {"one": True, "two": False}
    assert [event.type for event in spared.among(["two"]).watch(queries, office.clock.monotonic())] == ["lost"]
    for wanted, unread in ((("two",), ()), ((), ("two",))):
        again = sparing(office.fleet, known, unread, wanted)
        assert all(cluster.is_reached for cluster in again.read([Query(SERVICE, "shop")]).clusters)


def test_the_command_is_quoted_for_a_shell(office: Office) -> None:
    shop = Namespace(Meta(name="shop"))
    odd = "a b'; rm -rf $HOME #"
    office.fleet = MemoryFleet({odd: [shop, service("web", **{SERVICE_SCOPE: "global"})]})
    desk = office.desk()

    async def story() -> list[str]:
        return [(await desk.plan(asked(action=one, **more))).command for one, more in ACTIONS]

    for command in run(desk, story):
        assert odd in shlex.split(command)


ACTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("expose", {}),
    ("unexpose", {"opt_out": True, "purge": True}),
    ("set", {"distribution": "Any"}),
)


def test_what_a_command_says_is_what_the_plan_does(office: Office) -> None:
    desk = office.desk()

    async def story() -> list[str]:
        ns = await desk.plan(asked(kind="ns", namespace=None, names=("shop",), takeover=True))
        out = await desk.plan(asked(action="unexpose", opt_out=True, purge=True, names=("web", "db")))
        segment = await desk.plan(asked(scope="segment", takeover=False, distribution="any", contexts=("two",)))
        return [one.command for one in (ns, out, segment)]

    assert run(desk, story) == [
        "meshglobal expose ns shop --takeover --context one,two",
        "meshglobal unexpose svc web db --opt-out --purge -n shop --context one,two",
        "meshglobal expose svc web --scope segment --no-takeover --traffic-distribution Any -n shop --context two",
    ]


def test_a_plan_shows_what_it_rests_on(office: Office) -> None:
    office.fleet.unreachable["two"] = REFUSED
    desk = office.desk()
    kept = run(desk, lambda: desk.plan(asked()))
    shown = plan_shown(kept, office.clock.now())
    assert (shown.left_out, shown.extent) == (("two",), "change 1 object in 1 cluster")
    assert shown.expires_at == "1970-01-01T00:26:40Z"
    assert [cluster.reached for cluster in shown.report.clusters] == [True, False]
    assert not any(cluster.objects for cluster in kept.plan.picture.snapshot.clusters)  # it may lie here for long


def test_a_write_of_which_nobody_knows_is_no_refusal() -> None:
    step = Step("one", SERVICE, "shop", "web", "u", "1", ())
    doubt = failure(Cause.TIMEOUT, f"no answer; {DOUBT}", "one")
    writes = (write_report(StepResult(step, Status.FAILED, failure=doubt)),)
    assert applied(Report(writes=writes, exit_code=int(ExitCode.CONFLICT))).status == 200


def test_a_cluster_can_be_chosen_by_each_of_its_names(tmp_path: Path) -> None:
    """Which of several contexts a cluster is named by may differ between what is followed and what is read."""
    shop = Namespace(Meta(name="shop"))
    fleet = MemoryFleet({"one": [shop, service("web")], "again": ()}, uids={"one": "1", "again": "1"})
    kept = asyncio.run(Office(tmp_path, fleet).desk().plan(asked(contexts=("again",))))
    assert [step.context for step in kept.plan.changes] == ["one"]
