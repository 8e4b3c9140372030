"""How fast the sandbox's traffic follows a change, and what its Envoy costs a request.

`python -m bench.traffic TIMES` prints medians in milliseconds as JSON: a mesh in this very process, so that nothing but
the mesh is measured.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from bench.meshes import Bench
from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.sandbox.dataplane.answers import Answer, Request, Source
from meshglobal.sandbox.dataplane.plane import Dataplane
from meshglobal.sandbox.dataplane.workloads.app import BY_CLUSTER
from meshglobal.sandbox.runtime.mesh import Mesh, start_mesh
from meshglobal.sandbox.runtime.shape import Shape

if TYPE_CHECKING:
    from bench.measures import Row

NAMESPACE = "bookinfo"
_HOST = "http://productpage.bookinfo.mesh.internal:9080/health"
_CALLS, _TIMES = 300, 15
_FAILOVER_GOAL = 200.0
"""Milliseconds."""


def traffic_rows(bench: Bench) -> Iterator[Row]:
    """Failover and what Envoy costs, measured in a process of its own."""
    from bench.measures import Row

    command = [sys.executable, "-m", "bench.traffic", str(_TIMES)]
    done = subprocess.run(command, env=bench.environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    away, back, through, direct = (found[key] for key in ("away", "back", "through", "direct"))
    goal, is_met = f"<= {_FAILOVER_GOAL:g} ms", away <= _FAILOVER_GOAL
    yield Row(
        "traffic: scaled to zero, until another cluster answers", away, None, None, goal, is_met, (), "ms", _TIMES
    )
    yield Row("traffic: scaled back, until the own cluster answers", back, unit="ms", runs=_TIMES)
    ratio = through / direct
    yield Row(
        "traffic: a request through Envoy / to the pod", through * 1e3, direct * 1e3, ratio, unit="µs", runs=_CALLS
    )


async def measured(times: int) -> dict[str, float]:
    """Start a mesh of two clusters and measure it."""
    async with AsyncExitStack() as stack:
        mesh = await start_mesh(Shape(2, NAMESPACE, has_traffic=True), stack)
        plane = mesh.traffic.plane
        if plane is None:
            raise SystemExit(f"no traffic: {mesh.traffic.why_not}")
        for cluster in mesh.clusters:
            _publish(mesh, cluster.name)
        caller = Source("cluster1", NAMESPACE, _pod(mesh, "ratings")["metadata"]["name"])
        await _until_served_by(plane, caller, "cluster1")
        through, direct = await _latencies(mesh, plane, caller)
        away, back = await _failovers(mesh, plane, caller, times)
        seconds = {"away": away, "back": back, "through": through, "direct": direct}
        return {name: 1e3 * each for name, each in seconds.items()}


async def _failovers(mesh: Mesh, plane: Dataplane, caller: Source, times: int) -> tuple[float, float]:
    """From scaling the own copy to nothing to the first remote answer, and from scaling back to the first own one."""
    away, back = [], []
    for _ in range(times):
        away.append(await _timed(mesh, plane, caller, 0, "cluster2"))
        back.append(await _timed(mesh, plane, caller, 1, "cluster1"))
    return statistics.median(away), statistics.median(back)


async def _timed(mesh: Mesh, plane: Dataplane, caller: Source, replicas: int, expected: str) -> float:
    client = mesh.clusters[0].client()
    found = client.get("deployments.apps", NAMESPACE, "productpage-v1")
    if found is None:
        raise SystemExit("the scenario has no productpage")
    began = time.perf_counter()
    client.replace("deployments.apps", found | {"spec": found["spec"] | {"replicas": replicas}})
    await _until_served_by(plane, caller, expected)
    return time.perf_counter() - began


async def _until_served_by(plane: Dataplane, caller: Source, cluster: str) -> None:
    while True:
        answer = await plane.request(caller, Request(_HOST))
        if isinstance(answer, Answer) and answer.header(BY_CLUSTER) == cluster:
            return
        await asyncio.sleep(0.001)


async def _latencies(mesh: Mesh, plane: Dataplane, caller: Source) -> tuple[float, float]:
    """Of requests through Envoy, and of the same requests straight to the pod, in turns."""
    address = _pod(mesh, "productpage")["status"]["podIP"]
    taken: dict[str, list[float]] = {_HOST: [], f"http://{address}:9080/health": []}
    for _ in range(_CALLS):
        for url, seconds in taken.items():
            answer = await plane.request(caller, Request(url))
            if isinstance(answer, Answer):
                seconds.append(answer.seconds)
    through, direct = (statistics.median(each) for each in taken.values())
    return through, direct


def _publish(mesh: Mesh, cluster: str) -> None:
    client = next(each for each in mesh.clusters if each.name == cluster).client()
    found = client.get("services", NAMESPACE, "productpage")
    if found is not None:
        meta = found["metadata"]
        client.replace("services", found | {"metadata": meta | {"labels": meta["labels"] | {SERVICE_SCOPE: "global"}}})


def _pod(mesh: Mesh, app: str) -> dict[str, Any]:
    pods = mesh.clusters[0].client().list("pods", NAMESPACE)
    return next(each for each in pods if each["metadata"]["labels"]["app"] == app)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(int(sys.argv[1])))))
