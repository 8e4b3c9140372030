"""The meshes that are measured: embedded clusters over TLS on loopback, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BIN = Path(sys.executable).parent
MESHGLOBAL, KUBECTL = str(BIN / "meshglobal"), str(BIN / "kubectl")
SERVICES, EXPOSED = 200, 20
NAMESPACE, EXPOSED_NAME = "bench", "global-"


@dataclass(frozen=True, slots=True)
class Bench:
    """A home for programs that are measured: no caches, settings or sandboxes but those of this run."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What every program gets."""
        return {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.home / "state"),
            "LANG": "C.UTF-8",
        }

    def with_kubeconfig(self, path: Path) -> dict[str, str]:
        """The same, for a mesh."""
        return self.environment | {"KUBECONFIG": str(path)}


@dataclass(frozen=True, slots=True)
class Mesh:
    """A running mesh, and how long it took to come up."""

    clusters: int
    kubeconfig: Path
    seconds: float

    @property
    def contexts(self) -> tuple[str, ...]:
        """One a cluster."""
        return tuple(f"cluster{number}" for number in range(1, self.clusters + 1))


@contextmanager
def bench_home() -> Iterator[Bench]:
    """A home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="meshglobal-bench-") as home:
        yield Bench(Path(home))


@contextmanager
def mesh(
    bench: Bench, clusters: int, scenario: str | None = None, services: int = SERVICES, exposed: int = EXPOSED
) -> Iterator[Mesh]:
    """Start a mesh of our own services, or of a scenario, and end it afterwards."""
    name = f"bench{clusters}"
    began = time.perf_counter()
    shape = [
        "--clusters",
        str(clusters),
        "--scenario",
        scenario or str(_scenario_file(bench, clusters, services, exposed)),
    ]
    try:
        _sandbox(bench, "up", "--detach", "--name", name, *shape)
        seconds = time.perf_counter() - began
        path = _sandbox(bench, "kubeconfig", "--name", name).strip()
        yield Mesh(clusters, Path(path), seconds)
    finally:
        _sandbox(bench, "down", "--name", name)


def _sandbox(bench: Bench, *arguments: str) -> str:
    done = subprocess.run(
        [MESHGLOBAL, "sandbox", *arguments], env=bench.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"sandbox {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def _scenario_file(bench: Bench, clusters: int, services: int, exposed: int) -> Path:
    path = bench.home / f"bench{clusters}.yaml"
    path.write_text(yaml.safe_dump_all(documents(clusters, services, exposed)), encoding="utf-8")
    return path


def documents(clusters: int, services: int, exposed: int) -> list[dict[str, Any]]:
    """The scenario: in every cluster services of its own, and global services that two neighbours publish.

    So each of the global hosts must exist in every cluster, and what a cluster holds does not grow with their number.
    """
    labels = {"istio.io/dataplane-mode": "ambient"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}
    own: dict[str, list[dict[str, Any]]] = {}
    for number in range(exposed):
        first = number * clusters // exposed
        for at in {first, (first + 1) % clusters}:
            own.setdefault(f"cluster{at + 1}", []).append(_service(f"{EXPOSED_NAME}{number:03}", scope="global"))
    local = [_service(f"service-{number:03}") for number in range(services)]
    return [namespace, _deployment(), *local, {"clusters": own}]


def _deployment() -> dict[str, Any]:
    chosen = {"app": NAMESPACE}
    container = {"name": "server", "image": "example.com/server:1", "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": dict(chosen)}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "server", "namespace": NAMESPACE},
        "spec": {"replicas": 1, "selector": {"matchLabels": dict(chosen)}, "template": template},
    }


def _service(name: str, scope: str | None = None) -> dict[str, Any]:
    labels = {"app": name, "team": f"team-{name[-1]}"} | ({"solo.io/service-scope": scope} if scope else {})
    ports = [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "grpc", "port": 9090, "targetPort": 9090}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": {"selector": {"app": NAMESPACE}, "ports": ports},
    }
