"""How fast many clusters are read, against plain urllib3 threads that fetch the same bytes and decode nothing.

`python -m bench.reading KUBECONFIG TIMES SECONDS` prints the costs of both as JSON: a process of its own, in which
everything is imported before anything is measured.
"""

from __future__ import annotations

import base64
import json
import queue
import re
import ssl
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import urllib3
import yaml

from bench.timing import cost_of_call, in_turns
from meshglobal.app.picture import MeshSettings, mesh_queries
from meshglobal.kube.fleet import Choice, ConnectionSettings, choose, connect

WORKERS = ConnectionSettings().workers
_LOGGED = re.compile(r"(?P<context>\S+): GET (?P<target>\S+) 200 ")
Targets = Mapping[str, Sequence[str]]


def read_by_fleet(path: Path, log: Callable[[str], None] | None = None) -> None:
    """What `verify` reads, from the kubeconfig file to the snapshot."""
    fleet = connect(*choose(Choice(str(path), use_all=True), {}), ConnectionSettings(log=log))
    snapshot = fleet.read(mesh_queries(MeshSettings(), None))
    fleet.close()
    gaps = [gap.failure.message for cluster in snapshot.clusters for gap in cluster.gaps]
    if gaps:
        raise SystemExit(f"{len(gaps)} gaps: {gaps[0]}")


def targets_of(path: Path) -> Targets:
    """The requests that the fleet sends, by context, in order."""
    lines: list[str] = []
    read_by_fleet(path, lines.append)
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if (seen := _LOGGED.match(line)) is not None:
            found[seen["context"]].append(seen["target"])
    return found


def read_plainly(path: Path, targets: Targets) -> int:
    """The same requests by as many threads, a kept-alive connection a cluster; how many bytes came."""
    document = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    servers = {entry["name"]: entry["cluster"] for entry in document["clusters"]}
    tokens = {entry["name"]: entry["user"]["token"] for entry in document["users"]}
    context = ssl.create_default_context(cadata=_authority(next(iter(servers.values()))))
    left: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    for entry in document["contexts"]:
        left.put(entry)
    sizes: list[int] = []

    def fetch() -> None:
        with urllib3.PoolManager(ssl_context=context) as pool:
            while True:
                try:
                    entry = left.get_nowait()
                except queue.Empty:
                    return
                named = entry["context"]
                headers = {"Authorization": f"Bearer {tokens[named['user']]}", "Accept-Encoding": "gzip"}
                for target in targets[entry["name"]]:
                    url = servers[named["cluster"]]["server"] + target
                    sizes.append(len(pool.request("GET", url, headers=headers, retries=False).data))

    threads = [threading.Thread(target=fetch) for _ in range(min(WORKERS, len(targets)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sizes)


def _authority(cluster: Mapping[str, str]) -> str:
    return base64.b64decode(cluster["certificate-authority-data"]).decode()


def main() -> None:
    """Measure both in turns."""
    path, times, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    targets = targets_of(path)
    size = read_plainly(path, targets)
    ours, plain = in_turns(
        (lambda: cost_of_call(lambda: read_by_fleet(path)), lambda: cost_of_call(lambda: read_plainly(path, targets))),
        times,
        seconds,
    )
    requests = sum(len(found) for found in targets.values())
    print(json.dumps({"bytes": size, "requests": requests, "ours": asdict(ours), "plain": asdict(plain)}))


if __name__ == "__main__":
    main()
