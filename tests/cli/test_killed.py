"""A run that is killed in the middle of its writes can simply be run again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from served_mesh import ServedMesh, environment, served_mesh

from meshglobal.sandbox.apiserver.faults import Fault

EXPOSE = ("expose", "svc", "productpage", "-n", "bookinfo", "--all-contexts", "-o", "json")
CLUSTERS = tuple(f"cluster{number}" for number in range(1, 6))


def program(mesh: ServedMesh) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from meshglobal.cli.main import main; main()", *EXPOSE]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(mesh.kubeconfig)
    )


def labelled(mesh: ServedMesh) -> list[str]:
    """The clusters in which the service has its scope."""
    found = {name: mesh.get(name, "services", "bookinfo", "productpage") for name in CLUSTERS}
    return [name for name, one in found.items() if "solo.io/service-scope" in one["metadata"]["labels"]]


def test_killed_between_the_writes_to_five_clusters_and_run_again(tmp_path: Path) -> None:
    with served_mesh(tmp_path, 5) as mesh:
        for name in CLUSTERS[3:]:
            mesh.fault(name, Fault(latency=1.5, methods=frozenset({"PATCH"})))
        with program(mesh) as first:
            ends = time.monotonic() + 30
            while not labelled(mesh):
                assert time.monotonic() < ends, "nothing was written"
                time.sleep(0.01)
            first.kill()
            half_way = labelled(mesh)
        assert 0 < len(half_way) < len(CLUSTERS), "the point of this test is a half-written fleet"

        with program(mesh) as second:
            out, errors = second.communicate(timeout=60)
        assert second.returncode == 0, errors
        assert labelled(mesh) == list(CLUSTERS)
        assert out.count('"state": "Ready"') == len(CLUSTERS)
