"""A served cluster with a pod whose network has a page, and the real kubectl."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import loop_thread
import pytest

from tests.sandbox.apiserver.real_kubectl import DEADLINE, Kubectl
from tests.sandbox.containers.pod_network import HOST, Names, Scripted, page, serving
from tests.served_cluster import Served, served_cluster

BODY = b"<!DOCTYPE html>\n<html>\n  <head>\n    <title>Simple Bookstore App</title>\n"
_NUMBERS = itertools.count(1)


@dataclass
class Pods:
    """A cluster with a network, and a namespace of its own with a pod `ratings` that runs."""

    served: Served
    kubectl: Kubectl
    namespace: str

    @property
    def path(self) -> str:
        """The URL path of the pod."""
        return f"/api/v1/namespaces/{self.namespace}/pods/ratings"

    def make(self, name: str, **spec: Any) -> None:
        """Create a pod and wait until it runs."""
        containers = spec.pop("containers", [{"name": name, "image": "docker.io/istio/examples-bookinfo-ratings-v1"}])
        pod = {
            "metadata": {"name": name, "namespace": self.namespace, "labels": {"app": name}},
            "spec": {"containers": containers, **spec},
        }
        self.served.call(lambda: self.served.cluster.client().create("pods", pod))
        self.until(lambda: self.pod(name).get("status", {}).get("phase") != "Pending")

    def pod(self, name: str = "ratings") -> Any:
        """The pod as it is stored."""
        return self.served.call(lambda: self.served.cluster.client().get("pods", self.namespace, name))

    def state(self, container: str, kind: str = "ephemeralContainerStatuses") -> Any:
        """The state of a container, as the pod's status has it."""
        statuses = self.pod()["status"].get(kind) or ()
        return next((each["state"] for each in statuses if each["name"] == container), {})

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        ends = time.monotonic() + DEADLINE
        while not holds():
            assert time.monotonic() < ends, "it never held"
            time.sleep(0.01)

    def add(self, **container: Any) -> None:
        """Add an ephemeral container to the pod."""

        def write() -> None:
            local = self.served.cluster.client()
            pod = local.get("pods", self.namespace, "ratings")
            assert pod is not None
            present = pod["spec"].get("ephemeralContainers") or []
            spec = pod["spec"] | {"ephemeralContainers": [*present, {"image": "curlimages/curl", **container}]}
            local.replace("pods", pod | {"spec": spec}, "ephemeralcontainers")

        self.served.call(write)


@pytest.fixture(scope="session")
def server_with_pods(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_cluster(tmp_path_factory.mktemp("pods"), "pods") as served:
        script = Scripted(page(BODY, more="x-served-by-cluster: east\r\n"))
        serves = serving(script)
        loop_thread.wait(served.loop, serves.__aenter__())
        network = Names({HOST: script.port, "localhost": script.port})
        assert served.cluster.containers is not None
        served.cluster.containers.network = network
        yield served
        loop_thread.wait(served.loop, serves.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def pods_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pods-home")


@pytest.fixture
def pods(server_with_pods: Served, pods_home: Path) -> Pods:
    name = f"pods-{next(_NUMBERS)}"
    local = server_with_pods.call(server_with_pods.cluster.client)
    server_with_pods.call(lambda: local.create("namespaces", {"metadata": {"name": name}}))
    made = Pods(server_with_pods, Kubectl(server_with_pods.kubeconfig, pods_home, name), name)
    made.until(lambda: server_with_pods.call(lambda: local.get("serviceaccounts", name, "default")) is not None)
    made.make("ratings")
    return made
