"""What a drill sees at fifty calls a second: the time to the first remote answer, and how many calls are lost.

The installed program drills a sandbox of its own, as a user does it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterator
from typing import Any

from bench.measures import Row
from bench.meshes import MESHGLOBAL, Bench

_NAME, _TIMES, _RATE = "bench-drill", 5, 50
_GOAL = 200.0
"""Milliseconds until the first remote answer; no call may be lost."""
_DRILL = (
    *(MESHGLOBAL, "drill", "failover", "svc", "productpage", "-n", "bookinfo", "--all-contexts", "--path", "/health"),
    *("--cluster", "cluster1", "--rate", str(_RATE), "--before", "2s", "--away", "3s", "-y", "-q", "-o", "json"),
)


def drill_rows(bench: Bench) -> Iterator[Row]:
    """Several drills, one after another."""
    up = (MESHGLOBAL, "sandbox", "up", "--detach", "--name", _NAME)
    subprocess.run(up, env=bench.environment, capture_output=True, check=True)
    try:
        path = bench.home / "state" / "meshglobal" / "sandbox" / _NAME / "kubeconfig"
        environment = bench.with_kubeconfig(path)
        expose = (MESHGLOBAL, "expose", "svc", "productpage", "-n", "bookinfo", "--all-contexts", "-q")
        subprocess.run(expose, env=environment, capture_output=True, check=True)
        courses = [_course(environment) for _ in range(_TIMES)]
    finally:
        down = (MESHGLOBAL, "sandbox", "down", "--name", _NAME)
        subprocess.run(down, env=bench.environment, capture_output=True, check=True)
    first = 1e3 * statistics.median(course["firstRemote"] for course in courses)
    lost = sum(course["lost"] for course in courses)
    goal = f"<= {_GOAL:g} ms"
    name = f"drill: {_RATE} calls/s, until another cluster answers"
    yield Row(name, first, goal=goal, is_met=first <= _GOAL, unit="ms", runs=_TIMES)
    yield Row(f"drill: {_RATE} calls/s, calls lost in all", lost, goal="0", is_met=not lost, unit="", runs=_TIMES)


def _course(environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(_DRILL, env=environment, capture_output=True, text=True, check=False)
    course: dict[str, Any] | None = json.loads(done.stdout).get("course")
    if course is None:
        raise SystemExit(f"the drill saw nothing: {done.stderr}")
    return course
