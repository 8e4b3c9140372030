"""The dashboard of a mesh in a real browser: how soon it shows, how soon it shows a change, what it keeps in memory.

`python -m bench.pages KUBECONFIG CHANGES` prints the figures as JSON. Changes are made as somebody with
kubectl would make them; the page says by itself when it has drawn something, on this machine's clock.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.meshes import EXPOSED_NAME, MESHGLOBAL, NAMESPACE, Bench, mesh
from bench.timing import Cost, Costs, cost_of_programs, in_turns
from meshglobal.domain import kinds
from meshglobal.domain.labels import SERVICE_TAKEOVER, Section
from meshglobal.domain.objects import Service
from meshglobal.domain.plan import KeyChange, Status, Step
from meshglobal.domain.snapshot import Query
from meshglobal.kube.fleet import Choice, ConnectionSettings, KubeFleet, choose, connect

if TYPE_CHECKING:
    from bench.measures import Row

CHROMIUM = "/usr/bin/chromium"
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TIMES, _SECONDS, _TOGGLES = 5, 120.0, 25
_WAIT = 60_000.0  # milliseconds
_ADDRESS = re.compile(r"http://\S+#token=\S+")
# Resolves with the time at which a row says something else of takeover, in milliseconds since the epoch.
_WATCH = """
([id]) => new Promise((resolve) => {
  const text = () => document.querySelector(`tr[data-id="${id}"] .col-takeover`)?.textContent;
  const before = text();
  const observer = new MutationObserver(() => {
    if (text() !== before) { observer.disconnect(); resolve(Date.now()); }
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
})
"""
_IS_FULL = """
([services]) => document.querySelector('table.services')?.getAttribute('aria-rowcount') === String(services + 1)
  && !document.body.textContent.includes('has not been read yet')
"""


_CLUSTERS, _LOCAL, _GLOBAL, _CHANGES = 20, 800, 200, 10_000
_TABLE_GOAL, _DELAY_GOAL, _GROWTH_GOAL = 1.5, 300.0, 1.05


def page_rows(bench: Bench) -> Iterator[Row]:
    """The page on 20 clusters of 1 000 Services, 200 of them global."""
    from bench.measures import Row

    with mesh(bench, _CLUSTERS, None, _LOCAL, _GLOBAL) as running:
        command = [sys.executable, "-m", "bench.pages", str(running.kubeconfig), str(_GLOBAL), str(_CHANGES)]
        environment = bench.with_kubeconfig(running.kubeconfig)
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    first, fresh, listed = (Costs([Cost(**run) for run in found[key]["runs"]]) for key in ("first", "fresh", "list"))
    where = f"dashboard, {_CLUSTERS} clusters x {_LOCAL + _GLOBAL} services ({_GLOBAL} global)"
    ratio = first.wall / listed.wall
    is_met = ratio <= _TABLE_GOAL
    name = f"{where}: first table in the browser / list"
    yield Row(name, first.wall, listed.wall, ratio, f"<= {_TABLE_GOAL:g}", is_met, (), runs=len(first.runs))
    name = f"{where}: the same in a fresh profile of the browser / list"
    ratio = fresh.wall / listed.wall
    is_met = ratio <= _TABLE_GOAL
    yield Row(name, fresh.wall, listed.wall, ratio, f"<= {_TABLE_GOAL:g}", is_met, (), runs=len(fresh.runs))
    median = statistics.median(found["delays"]) * 1e3
    goal, runs = f"<= {_DELAY_GOAL:g} ms", len(found["delays"])
    name = f"{where}: from a change to the table"
    yield Row(name, median, None, None, goal, median <= _DELAY_GOAL, (), "ms", runs)
    yield Row(f"{name}, the slowest", max(found["delays"]) * 1e3, unit="ms", runs=runs)
    for key, what in (("heap", "the browser's heap"), ("memory", "the program's memory")):
        sizes = found["growth"][key]
        grown = statistics.median(sizes[-3:]) / statistics.median(sizes[:3])
        name = f"{where}: {what} after {_CHANGES:,} changes / after the first tenths"
        goal, is_met = f"<= {_GROWTH_GOAL:g}", grown <= _GROWTH_GOAL
        yield Row(name, statistics.median(sizes[-3:]), statistics.median(sizes[:3]), grown, goal, is_met, (), "MiB")


@dataclass(frozen=True, slots=True)
class Program:
    """A dashboard that listens: its address with the token, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def memory(self) -> float:
        """What it holds now, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found is not None else 0.0


@contextmanager
def dashboard() -> Iterator[Program]:
    """Start the program on all contexts, and end it afterwards."""
    command = (MESHGLOBAL, "dashboard", "--all-contexts", "--no-open")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker; PIPE was asked for
            found = _ADDRESS.search(process.stdout.readline())
            if found is None:
                raise RuntimeError("the dashboard says no address")
            yield Program(found[0], process)
        finally:
            process.terminate()


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield started
        started.close()


def profile(seen: Browser) -> BrowserContext:
    """A fresh profile, as of somebody who starts the browser for the first time."""
    return seen.new_context(viewport={"width": 1280, "height": 900})


def shown(where: BrowserContext, program: Program, services: int) -> Page:
    """A new tab with the whole table."""
    page = where.new_page()
    page.goto(program.address)
    page.wait_for_function(_IS_FULL, arg=[services], timeout=_WAIT, polling=20)
    return page


def first_table(where: Callable[[], BrowserContext], services: int) -> Cost:
    """From the start of the program to the whole table in a new tab of a browser that is open already."""
    began = time.perf_counter()
    with dashboard() as program:
        page = shown(where(), program, services)
        taken = time.perf_counter() - began
        page.close()
        if not page.context.pages:  # a profile of its own
            page.context.close()
    return Cost(taken, 0.0)


class Hand:
    """Puts the takeover label on services of the first cluster, and takes it away."""

    def __init__(self, kubeconfig: str) -> None:
        self._fleet: KubeFleet = connect(*choose(Choice(kubeconfig, use_all=True), {}), ConnectionSettings(timeout=1e6))
        self._context = next(one.context for one in self._fleet.members)
        (cluster, *_) = self._fleet.read([Query(kinds.SERVICE, NAMESPACE)]).clusters
        found = [one for one in cluster.of(kinds.SERVICE, Service) if one.name.startswith(EXPOSED_NAME)]
        self.names = [one.name for one in found]
        self._uids = {one.name: one.metadata.uid for one in found}

    def set(self, names: list[str], value: str | None) -> None:
        """Label services; raises RuntimeError where that fails."""
        before = None if value is not None else "true"
        change = (KeyChange(Section.LABEL, SERVICE_TAKEOVER, before, value),)
        steps = [Step(self._context, kinds.SERVICE, NAMESPACE, one, self._uids[one], "", change) for one in names]
        for result in self._fleet.write(steps, overwrite=True):
            if result.status not in (Status.CHANGED, Status.UNCHANGED):
                raise RuntimeError(f"{result.step.name}: {result.status} {result.failure}")

    def close(self) -> None:
        """End its connections."""
        self._fleet.close()


def delays(page: Page, hand: Hand) -> list[float]:
    """Seconds from the write to what the page shows, one by one."""
    found = []
    name = hand.names[0]
    for number in range(_TOGGLES):
        began: list[float] = []

        def write(value: str | None = None if number % 2 else "true", times: list[float] = began) -> None:
            time.sleep(0.5)  # the page watches by then, and what was changed before is over
            times.append(time.time())
            hand.set([name], value)

        writer = threading.Thread(target=write)
        writer.start()
        drawn = page.evaluate(_WATCH, [f"{NAMESPACE}/{name}"])
        writer.join()
        found.append(drawn / 1000 - began[0])
    return found


def growth(page: Page, program: Program, hand: Hand, changes: int) -> dict[str, list[float]]:
    """MiB of the browser's heap and of the program after each tenth of so many changes."""
    session = page.context.new_cdp_session(page)
    heap, memory, made = [], [], 0
    for tenth in range(1, 11):
        while made < changes * tenth // 10:
            hand.set(hand.names, "true" if made // len(hand.names) % 2 == 0 else None)
            made += len(hand.names)
        page.wait_for_timeout(1_000)
        session.send("HeapProfiler.collectGarbage")
        used: dict[str, Any] = session.send("Runtime.getHeapUsage")
        heap.append(used["usedSize"] / 2**20)
        memory.append(program.memory)
    return {"heap": heap, "memory": memory, "changes": [float(made)]}


def main() -> None:
    """Measure all."""
    kubeconfig, services, changes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    listing = (MESHGLOBAL, "list", "--all-contexts", "--all-namespaces")
    environment = dict(os.environ)
    with browser() as seen:
        used = profile(seen)
        used.new_page()  # the tab that somebody has open
        ways = (
            lambda: first_table(lambda: used, services),
            lambda: first_table(lambda: profile(seen), services),
            lambda: cost_of_programs([listing], environment),
        )
        first, fresh, listed = in_turns(ways, _TIMES, _SECONDS)
        hand = Hand(kubeconfig)
        with dashboard() as program:
            page = shown(used, program, services)
            page.locator(f'tr[data-id="{NAMESPACE}/{hand.names[0]}"]').wait_for()
            page.wait_for_timeout(5_000)  # until the clusters themselves have been read, too
            found = {
                "first": asdict(first),
                "fresh": asdict(fresh),
                "list": asdict(listed),
                "delays": delays(page, hand),
                "growth": growth(page, program, hand, changes),
            }
        hand.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
