"""Verify and expose on an in-memory fleet: what is read, what is written, and what it all comes to."""

from __future__ import annotations

import pytest
from memory_fleet import MemoryFleet

from meshglobal.app.exposing import Order, carry_out, make_plan
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify
from meshglobal.bootstrap import SystemClock
from meshglobal.domain import kinds
from meshglobal.domain.errors import ConflictError, ExitCode, NotFoundError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.labels import NETWORK, SERVICE_SCOPE
from meshglobal.domain.objects import (
    EntryPort,
    Meta,
    Namespace,
    Object,
    Service,
    ServiceEntry,
    ServiceEntrySpec,
    ServicePort,
    ServiceSpec,
    WorkloadEntry,
    WorkloadEntrySpec,
)
from meshglobal.domain.planning import expose_intent, unexpose_intent
from meshglobal.domain.targets import Targets
from meshglobal.domain.verdict import State

MESH = MeshSettings()
WEB = Targets(kinds.SERVICE, ("web",))


def cluster(name: str, *, scope: str | None = None, entry: bool = False, peers: tuple[str, ...] = ()) -> list[Object]:
    """Namespaces and a Service `shop/web`; with a scope, an entry and peers' WorkloadEntries as asked."""
    labels = {SERVICE_SCOPE: scope} if scope else {}
    found: list[Object] = [
        Namespace(metadata=Meta(name="istio-system", labels={NETWORK: name})),
        Namespace(metadata=Meta(name="shop")),
        Service(
            metadata=Meta(name="web", namespace="shop", labels=labels),
            spec=ServiceSpec(ports=[ServicePort(port=80, name="http")], selector={"app": "web"}),
        ),
    ]
    if entry:
        found.append(generated())
    found += [
        WorkloadEntry(
            metadata=Meta(name=f"autogen.{peer}.shop.web", namespace="istio-system"),
            spec=WorkloadEntrySpec(network=peer),
        )
        for peer in peers
    ]
    return found


def generated() -> ServiceEntry:
    return ServiceEntry(
        metadata=Meta(name="autogen.shop.web", namespace="istio-system"),
        spec=ServiceEntrySpec(
            hosts=["web.shop.mesh.internal"], ports=[EntryPort(number=80, protocol="HTTP")], resolution="STATIC"
        ),
    )


def states(fleet: MemoryFleet, targets: Targets | None = WEB) -> dict[str, State]:
    report = verify(fleet, SystemClock(), MESH, Verify(Request(targets, "shop")))
    return {verdict.context: verdict.state for verdict in report.hosts}


def test_two_clusters_of_one_service_are_ready() -> None:
    fleet = MemoryFleet(
        {
            "one": cluster("one", scope="global", entry=True, peers=("two",)),
            "two": cluster("two", scope="global", entry=True, peers=("one",)),
        }
    )
    assert states(fleet) == {"one": State.READY, "two": State.READY}


def test_an_unread_cluster_turns_what_nobody_else_publishes_unknown() -> None:
    fleet = MemoryFleet(
        {"one": cluster("one", entry=True), "two": []},
        unreachable={"two": failure(Cause.REFUSED, "connection refused", "two")},
    )
    assert states(fleet, None) == {"one": State.UNKNOWN}
    report = verify(fleet, SystemClock(), MESH, Verify(Request(None, "shop")))
    assert report.exit_code == ExitCode.CANNOT_CHECK


def test_forbidden_entries_are_unknown_and_not_missing() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global")}, forbidden={"one": [kinds.SERVICE_ENTRY]})
    assert states(fleet) == {"one": State.UNKNOWN}


def test_a_name_that_is_nowhere_is_an_error_only_when_everything_was_read() -> None:
    nowhere = Verify(Request(Targets(kinds.SERVICE, ("wbe",)), "shop"))
    with pytest.raises(NotFoundError, match="not found") as caught:
        verify(MemoryFleet({"one": cluster("one")}), SystemClock(), MESH, nowhere)
    assert caught.value.hint == "did you mean web?"
    fleet = MemoryFleet(
        {"one": cluster("one"), "two": []}, unreachable={"two": failure(Cause.TIMEOUT, "no answer", "two")}
    )
    assert verify(fleet, SystemClock(), MESH, nowhere).exit_code == ExitCode.CANNOT_CHECK


def order(**given: object) -> Order:
    values = {"command": "expose", "request": Request(WEB, "shop"), "wait": 5.0} | given
    values.setdefault("intent", expose_intent("global", takeover=None, distribution=None))
    return Order(**values)  # type: ignore[arg-type] # a test's shorthand


def expose(fleet: MemoryFleet, wish: Order) -> int:
    return carry_out(fleet, SystemClock(), make_plan(fleet, MESH, wish)).exit_code


def test_what_is_as_wanted_is_not_written() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True)})
    assert expose(fleet, order()) == ExitCode.OK
    assert fleet.writes == []


def test_another_value_is_a_conflict_before_anything_is_written() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="segment"), "two": cluster("two")})
    with pytest.raises(ConflictError, match=r"one: service/web: .* already has a value \(segment\)"):
        expose(fleet, order())
    assert fleet.writes == []


def test_it_is_written_where_it_shall_be_and_the_other_clusters_count_all_the_same() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True), "two": cluster("two", entry=True)})
    plan = make_plan(fleet, MESH, order(contexts=frozenset({"two"})))
    assert [step.context for step in plan.steps] == ["two"]
    assert plan.blast.merges == {"web.shop.mesh.internal": ("one", "two")}
    fleet.unreachable["one"] = failure(Cause.TIMEOUT, "no answer", "one")
    plan = make_plan(fleet, MESH, order(contexts=frozenset({"two"}), wait=None))
    assert (plan.unread, plan.left_out) == (("one",), ())
    carry_out(fleet, SystemClock(), plan)
    assert {step.context for step in fleet.writes} == {"two"}


def test_what_was_named_and_is_in_none_of_the_chosen_clusters_is_not_found() -> None:
    fleet = MemoryFleet({"one": cluster("one"), "two": [Namespace(Meta(name="shop"))]})
    with pytest.raises(NotFoundError):
        make_plan(fleet, MESH, order(contexts=frozenset({"two"})))


def test_unexpose_is_done_when_the_entry_is_gone() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True)})

    def control_plane(world: MemoryFleet) -> bool:
        world.delete("one", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web")
        return True

    fleet.on_idle = control_plane
    assert expose(fleet, order(command="unexpose", intent=unexpose_intent())) == ExitCode.OK
    assert fleet.get("one", kinds.SERVICE_ENTRY, "istio-system", "autogen.shop.web") is None


def test_unexpose_is_not_done_while_the_entry_stands() -> None:
    fleet = MemoryFleet({"one": cluster("one", scope="global", entry=True)})
    fleet.on_idle = lambda _: False
    assert expose(fleet, order(command="unexpose", intent=unexpose_intent())) == ExitCode.TIMEOUT


def test_a_dead_cluster_is_not_waited_for_and_is_reported() -> None:
    fleet = MemoryFleet(
        {"one": cluster("one", scope="global", entry=True), "two": []},
        unreachable={"two": failure(Cause.REFUSED, "connection refused", "two")},
    )
    fleet.on_idle = lambda _: pytest.fail("there is nothing to wait for")
    assert expose(fleet, order()) == ExitCode.CANNOT_CHECK
