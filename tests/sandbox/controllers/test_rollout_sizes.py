"""The arithmetic of rollouts: laws that hold for every mixture of sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.controllers.amounts import scaled
from meshglobal.sandbox.controllers.rollout import least_available, size_of_new, sizes_of_old, surge_and_slack

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.objects import JSON

Amount = int | str


def deployment(replicas: int, surge: Amount = "25%", slack: Amount = "25%") -> JSON:
    rolling = {"maxSurge": surge, "maxUnavailable": slack}
    return {"spec": {"replicas": replicas, "strategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}}


def replica_set(name: str, replicas: int, available: int) -> JSON:
    return {
        "metadata": {"name": name, "creationTimestamp": name},
        "spec": {"replicas": replicas},
        "status": {"availableReplicas": available},
    }


@pytest.mark.parametrize(
    ("value", "total", "up", "down"),
    [(3, 10, 3, 3), ("25%", 10, 3, 2), ("0%", 10, 0, 0), ("100%", 7, 7, 7), ("1%", 1, 1, 0)],
)
def test_shares_round_as_asked(value: Amount, total: int, up: int, down: int) -> None:
    assert (scaled(value, total, rounds_up=True), scaled(value, total, rounds_up=False)) == (up, down)


@pytest.mark.parametrize(
    ("replicas", "surge", "slack", "expected"),
    [(4, "25%", "25%", (1, 1)), (1, "25%", "25%", (1, 0)), (10, "25%", "25%", (3, 2)), (4, 0, 0, (0, 1))],
)
def test_something_may_always_move(replicas: int, surge: Amount, slack: Amount, expected: tuple[int, int]) -> None:
    assert surge_and_slack(deployment(replicas, surge, slack)) == expected


counts = st.integers(0, 12)
amounts = st.one_of(counts, st.integers(0, 100).map(lambda share: f"{share}%"))


@given(counts, amounts, amounts, counts, st.lists(counts, max_size=3))
def test_the_new_set_never_grows_past_the_goal_or_the_surge(
    goal: int, surge: Amount, slack: Amount, new: int, old: list[int]
) -> None:
    subject = deployment(goal, surge, slack)
    others = [replica_set(str(number), size, size) for number, size in enumerate(old)]
    size = size_of_new(subject, new, others)
    assert size <= goal
    if size > new:
        assert size + sum(old) <= goal + surge_and_slack(subject)[0]
    else:
        assert size in {new, goal}


@given(counts, amounts, amounts, counts, st.lists(st.tuples(counts, counts), max_size=3))
def test_old_sets_never_grow_and_leave_enough_available_pods(
    goal: int, surge: Amount, slack: Amount, new: int, old: list[tuple[int, int]]
) -> None:
    subject = deployment(goal, surge, slack)
    # A status may lag behind its size: more pods reported than wanted.
    present = [replica_set(str(number), size, ready) for number, (size, ready) in enumerate(old)]
    sizes = sizes_of_old(subject, replica_set("new", new, new), present)
    usable = {
        each["metadata"]["name"]: min(each["spec"]["replicas"], each["status"]["availableReplicas"]) for each in present
    }
    assert all(0 <= sizes[each["metadata"]["name"]] <= each["spec"]["replicas"] for each in present)
    left = new + sum(min(sizes[name], ready) for name, ready in usable.items())
    assert left >= min(new + sum(usable.values()), least_available(subject))


@given(st.integers(1, 12), amounts, amounts)
def test_alternating_steps_end_with_all_pods_new(goal: int, surge: Amount, slack: Amount) -> None:
    subject, new, old = deployment(goal, surge, slack), 0, goal
    for _ in range(3 * goal):
        new = size_of_new(subject, new, [replica_set("old", old, old)])
        old = sizes_of_old(subject, replica_set("new", new, new), [replica_set("old", old, old)])["old"]
    assert (new, old) == (goal, 0)
