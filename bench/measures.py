"""What is measured: each function returns rows of the table."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.bundles import Size
from bench.meshes import KUBECTL, MESHGLOBAL, Bench, Mesh, mesh
from bench.serving import gets_per_second
from bench.timing import Cost, Costs, cost_of_programs, in_turns

VERIFY = (MESHGLOBAL, "verify", "--all-contexts", "--all-namespaces")
LOOP = (("get", "service", "-A"), ("get", "namespace"), ("get", "serviceentry", "-n", "istio-system"))
GOALS = {2: 1.2, 20: 8.0, 100: 25.0}
READING_GOAL, HELP_GOAL = 1.5, 2.0
GROWTH_GOAL, PLAN_GOAL = 0.1, 3.0
PLANNED = Size(50, 1000, 200, 5000)
BUNDLES = (Size(20, 1000, 200), Size(20, 4000, 200), Size(20, 1000, 800))
WORDS = {"join": "joining and expecting", "judge": "all verdicts", "check": "all checks"}
_TIMES = {2: 9, 20: 5, 100: 3}
_SECONDS = 60.0
_COMPLETION = {"_MESHGLOBAL_COMPLETE": "complete_bash", "COMP_WORDS": "meshglobal ver", "COMP_CWORD": "1"}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Seconds, unless the unit says otherwise.

    Attributes:
        measure: what.
        ours: median on the clock.
        theirs: of what it is compared with, measured in turns with ours.
        ratio: how many times as fast we are (goal: at least), or as long we take (goal: at most).
        goal: of the ratio.
        is_met: whether it is; None without a goal.
        cpu: ours and theirs in processor time, as a cross-check.
    """

    measure: str
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None
    cpu: tuple[float, ...] = ()
    unit: str = "s"
    runs: int = 1


def help_rows(bench: Bench) -> Iterator[Row]:
    """What starts without a cluster, against `kubectl --help`."""

    def kubectl() -> Cost:
        return cost_of_programs([(KUBECTL, "--help")], bench.environment)

    def ours(*arguments: str, **more: str) -> Cost:
        return cost_of_programs([(MESHGLOBAL, *arguments)], bench.environment | more)

    measures = {
        "meshglobal --help": lambda: ours("--help"),
        "meshglobal expose --help": lambda: ours("expose", "--help"),
        "completion of a command's name": lambda: ours(**_COMPLETION),
    }
    theirs, *costs = in_turns([kubectl, *measures.values()], 15, _SECONDS)
    for name, cost in zip(measures, costs, strict=True):
        yield _at_most(f"{name} / kubectl --help", cost, theirs, HELP_GOAL if name == "meshglobal --help" else None)


def mesh_rows(bench: Bench, clusters: int) -> Iterator[Row]:
    """Everything that is measured on a mesh of this size."""
    with mesh(bench, clusters) as running:
        yield Row(f"{clusters} clusters: the sandbox is up", running.seconds)
        yield from _verify_rows(bench, running)
        yield from _reading_rows(bench, running)
        if clusters == min(GOALS):
            yield gets_per_second(running.kubeconfig)


def judging_rows(bench: Bench) -> Iterator[Row]:
    """What comes after the reading, on 20 clusters from a bundle: time against decoding, and what memory grows with."""
    paths = {size: bench.home / f"bundle-{size.services}-{size.exposed}" for size in BUNDLES}
    for size, path in paths.items():
        made = [sys.executable, "-m", "bench.bundles", str(path), *map(str, size)]
        subprocess.run(made, env=bench.environment, check=True)
    usual, services, exposed = BUNDLES
    figures = _judging(bench, paths[usual])
    steps = {step: Costs([Cost(*run) for run in runs]) for step, runs in figures.items()}
    decode = steps["decode"]
    where = f"{usual.clusters} clusters x {usual.services} services ({usual.exposed} global), bundle"
    for step, goal in (("join", None), ("judge", None), ("check", 1.0)):
        yield _at_most(f"{where}: {WORDS[step]} / decoding", steps[step], decode, goal)
    peaks = {size: float(_judging(bench, path, "--peak")["peak"]) for size, path in paths.items()}
    yield Row(f"{where}: peak memory", peaks[usual] / 1024, unit="MiB")
    growth = [
        (peaks[larger] - peaks[usual]) / usual.clusters / more
        for larger, more in ((services, services.services - usual.services), (exposed, exposed.exposed - usual.exposed))
    ]
    ratio = growth[0] / growth[1]
    name = "memory for one more Service in a cluster: not global / global"
    yield Row(name, growth[0] * 1024, growth[1] * 1024, ratio, f"<= {GROWTH_GOAL:g}", ratio <= GROWTH_GOAL, unit="B")


def planning_row(bench: Bench) -> Row:
    """A plan of segments, against reading the mesh alone."""
    path = bench.home / "bundle-of-segments"
    made = [sys.executable, "-m", "bench.bundles", str(path), *map(str, PLANNED)]
    subprocess.run(made, env=bench.environment, check=True)
    command = [sys.executable, "-m", "bench.planning", str(path)]
    done = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, text=True, check=True)
    steps = {step: Costs([Cost(*run) for run in runs]) for step, runs in json.loads(done.stdout).items()}
    where = f"{PLANNED.clusters} clusters x {PLANNED.services} services, {PLANNED.references} references, bundle"
    return _at_most(f"{where}: segment plan / reading", steps["planning"], steps["reading"], PLAN_GOAL)


def _judging(bench: Bench, bundle: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.judging", str(bundle), *options]
    done = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bookinfo_row(bench: Bench) -> Row:
    """How long somebody without clusters waits for a mesh."""
    seconds = []
    for _ in range(3):
        with mesh(bench, 2, "bookinfo") as running:
            seconds.append(running.seconds)
    return Row("2 clusters with Bookinfo: the sandbox is up", sorted(seconds)[1], runs=3)


def _verify_rows(bench: Bench, running: Mesh) -> Iterator[Row]:
    """`verify` against the three gets of the guide, cluster after cluster; and the memory it took."""
    environment = bench.with_kubeconfig(running.kubeconfig)
    gets = [(KUBECTL, "--context", context, *get) for context in running.contexts for get in LOOP]
    ours, loop = in_turns(
        (lambda: cost_of_programs([VERIFY], environment), lambda: cost_of_programs(gets, environment)),
        _TIMES[running.clusters],
        _SECONDS,
    )
    goal = GOALS[running.clusters]
    ratio = loop.wall / ours.wall
    yield Row(
        f"{running.clusters} clusters: kubectl loop / verify",
        ours.wall,
        loop.wall,
        ratio,
        f">= {goal:g}",
        ratio >= goal,
        (ours.cpu, loop.cpu),
        runs=len(ours.runs),
    )
    yield Row(f"{running.clusters} clusters: verify, peak memory", ours.peak, unit="MiB", runs=len(ours.runs))


def _reading_rows(bench: Bench, running: Mesh) -> Iterator[Row]:
    command = [sys.executable, "-m", "bench.reading", str(running.kubeconfig), str(_TIMES[running.clusters])]
    done = subprocess.run(
        [*command, str(_SECONDS)], env=bench.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout)
    ours, plain = (Costs([Cost(**run) for run in found[key]["runs"]]) for key in ("ours", "plain"))
    size = found["bytes"] / 1e6
    name = f"{running.clusters} clusters: reading / plain urllib3 ({found['requests']} GETs, {size:.1f} MB)"
    yield _at_most(name, ours, plain, READING_GOAL if running.clusters == max(GOALS) else None)


def _at_most(measure: str, ours: Costs, theirs: Costs, goal: float | None) -> Row:
    ratio = ours.wall / theirs.wall
    is_met = None if goal is None else ratio <= goal
    text = "" if goal is None else f"<= {goal:g}"
    return Row(measure, ours.wall, theirs.wall, ratio, text, is_met, (ours.cpu, theirs.cpu), runs=len(ours.runs))


def elapsed_row(began: float) -> Row:
    """How long the bench took."""
    return Row("the whole bench", time.monotonic() - began)
