"""How fast many clusters are read, against plain urllib3 threads that fetch the same bytes.

    .venv/bin/python bench/read_clusters.py [--clusters 100] [--services 200] [--latency 0.04] [--profile]

The clusters are embedded API servers in a process of their own, over TLS on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import cProfile
import json
import pstats
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meshglobal.domain.kinds import SERVICE
from meshglobal.domain.snapshot import Query

QUERY = Query(SERVICE)
PATHS = ("/api/v1/namespaces/kube-system", "/api/v1/services?limit=500")


async def serve(clusters: int, services: int, latency: float) -> None:
    """Serve the clusters until stdin ends; their kubeconfig is the only line on stdout."""
    from meshglobal.sandbox.apiserver.certificates import Authority
    from meshglobal.sandbox.apiserver.cluster import start_cluster
    from meshglobal.sandbox.apiserver.faults import Fault
    from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig

    authority = Authority()
    started = []
    for number in range(clusters):
        cluster = await start_cluster(f"c{number}", authority, has_controllers=False)
        if latency:
            cluster.faults.set("latency", Fault(latency=latency))
        client = cluster.client()
        for index in range(services):
            meta = {"name": f"service-{index}", "namespace": "default", "labels": {"app": f"service-{index}"}}
            spec = {"selector": {"app": f"service-{index}"}, "ports": [{"name": "http", "port": 80}]}
            client.create("services", {"metadata": meta, "spec": spec})
        started.append(cluster)
    print(json.dumps(kubeconfig(started)), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def plain(document: dict[str, Any]) -> int:
    """A thread a cluster, the same requests, nothing decoded; the bytes that came."""
    import urllib3

    context = ssl.create_default_context(
        cadata=base64.b64decode(document["clusters"][0]["cluster"]["certificate-authority-data"]).decode()
    )
    sizes: list[int] = []

    def fetch(server: str, token: str) -> None:
        with urllib3.PoolManager(ssl_context=context) as pool:
            for path in PATHS:
                headers = {"Authorization": f"Bearer {token}"}
                sizes.append(len(pool.request("GET", server + path, headers=headers, retries=False).data))

    pairs = zip(document["clusters"], document["users"], strict=True)
    threads = [
        threading.Thread(target=fetch, args=(cluster["cluster"]["server"], user["user"]["token"]))
        for cluster, user in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sizes)


def ours(path: Path, workers: int) -> int:
    """The fleet, from the kubeconfig file to the snapshot; the objects that came."""
    from meshglobal.kube.fleet import Choice, ConnectionSettings, choose, connect

    fleet = connect(*choose(Choice(str(path), use_all=True), {}), ConnectionSettings(workers=workers))
    snapshot = fleet.read([QUERY])
    fleet.close()
    gaps = [gap.failure.message for cluster in snapshot.clusters for gap in cluster.gaps]
    if gaps:
        raise SystemExit(f"{len(gaps)} gaps: {gaps[0]}")
    return sum(len(cluster.objects[SERVICE]) for cluster in snapshot.clusters)


def measured(name: str, run: Callable[[], int], unit: str, times: int = 5) -> float:
    """Run several times; print and return the median of the wall-clock seconds."""
    walls, cpus, result = [], [], 0
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    median = statistics.median(walls)
    print(f"{name:24} {median:6.3f} s   {statistics.median(cpus):6.3f} s of CPU   {result} {unit}")
    return median


def compare(options: argparse.Namespace, text: str) -> None:
    """Measure both on the clusters of a kubeconfig."""
    document = json.loads(text)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "kubeconfig")
        path.touch(0o600)
        path.write_text(text)
        began = time.perf_counter()
        import kubernetes  # noqa: F401 - measured on its own: once per run, whatever the number of clusters

        print(f"{'import kubernetes':24} {time.perf_counter() - began:6.3f} s")
        base = measured("plain urllib3", lambda: plain(document), "bytes")
        for workers in (16, 64, 128):
            took = measured(f"fleet, {workers} workers", lambda workers=workers: ours(path, workers), "objects")
            print(f"{'':24} {took / base:6.2f} times as long")
        if options.profile:
            with cProfile.Profile() as profile:
                ours(path, 64)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Serve in a child, measure here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clusters", type=int, default=100)
    parser.add_argument("--services", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.clusters, options.services, options.latency))
        return
    with subprocess.Popen(
        [sys.executable, __file__, "--serve", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None  # noqa: S101 - for the type checker; PIPE was asked for
        compare(options, server.stdout.readline())


if __name__ == "__main__":
    main()
