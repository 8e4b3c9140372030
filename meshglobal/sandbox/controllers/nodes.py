"""A stand-in node: takes every pod that may run on it, and says at once that its containers run and are ready.

Nothing is started here; the few containers that run something are started by `containers/runtime.py`. A pod that asks
for another node (nodeSelector) stays Pending; a deleted one is confirmed at once.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of, timestamp
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf, itself
from meshglobal.sandbox.controllers.ownership import is_leaving, labels_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from meshglobal.sandbox.controllers.picture import Event

PODS, NODES = "pods", "nodes"
_CONDITIONS = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
_NODE_INFO = ("machineID", "systemUUID", "bootID", "kernelVersion", "kubeProxyVersion")
_SAYS_OF_ITSELF = {
    "operatingSystem": "linux",
    "architecture": "amd64",
    "osImage": "stand-in node",
    "containerRuntimeVersion": "none://",
    "kubeletVersion": "v1.36.2",
}


def node_for(pod: JSON, nodes: Iterable[JSON]) -> str:
    """Return the first node that satisfies a pod's nodeSelector, an empty string where there is none."""
    wanted = (pod["spec"].get("nodeSelector") or {}).items()
    free = (each for each in nodes if not (each.get("spec") or {}).get("unschedulable"))
    return next((name_of(each) for each in free if wanted <= labels_of(each).items()), "")


def running_status(pod: JSON, address: str, node_address: str, now: dt.datetime) -> JSON:
    """Return the status of a pod whose containers all run and are ready; init containers have ended well."""
    moment, spec = timestamp(now), pod["spec"]
    before = pod.get("status") or {}
    conditions = [
        {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": moment} for kind in _CONDITIONS
    ]
    status = before | {
        "phase": "Running",
        "conditions": conditions,
        "hostIP": node_address,
        "hostIPs": [{"ip": node_address}],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": moment,
        "containerStatuses": [_running(each, moment) for each in spec["containers"]],
    }
    if spec.get("initContainers"):
        status["initContainerStatuses"] = [_ended(each, moment) for each in spec["initContainers"]]
    return status


def _running(container: JSON, moment: str) -> JSON:
    return _container(container) | {"started": True, "ready": True, "state": {"running": {"startedAt": moment}}}


def _ended(container: JSON, moment: str) -> JSON:
    if container.get("restartPolicy") == "Always":
        return _running(container, moment)
    ended = {"exitCode": 0, "reason": "Completed", "startedAt": moment, "finishedAt": moment}
    return _container(container) | {"started": False, "ready": True, "state": {"terminated": ended}}


def _container(container: JSON) -> JSON:
    image = container["image"]
    return {"name": container["name"], "image": image, "imageID": image, "restartCount": 0, "lastState": {}}


def stand_in_node(name: str, address: str, labels: Mapping[str, str], now: dt.datetime) -> JSON:
    """Return the Node object of the stand-in, Ready."""
    moment = timestamp(now)
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "stand-in node is ready"}
    names = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    room = {"cpu": "1000", "memory": "1Ti", "pods": "10000"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": names | dict(labels)},
        "spec": {},
        "status": {
            "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
            "allocatable": room,
            "capacity": room,
            "conditions": [ready | {"lastHeartbeatTime": moment, "lastTransitionTime": moment}],
            "nodeInfo": dict.fromkeys(_NODE_INFO, "") | _SAYS_OF_ITSELF,
        },
    }


class Addresses:
    """Hands out the pod addresses of one cluster, each to one pod at a time."""

    def __init__(self, network: str) -> None:
        self._hosts = ipaddress.ip_network(network)
        self._taken: set[str] = set()
        self._last = 1  # .0 names the network, .1 is the node's

    def take(self) -> str:
        """Return a free address; ValueError when there is none left."""
        for _ in range(self._hosts.num_addresses):
            self._last = self._last + 1 if self._last + 2 < self._hosts.num_addresses else 2
            address = str(self._hosts[self._last])
            if address not in self._taken:
                self._taken.add(address)
                return address
        raise ValueError(f"no address left in {self._hosts}")

    def note(self, event: Event) -> None:
        """Follow which addresses pods have."""
        before, after = (((each or {}).get("status") or {}).get("podIP") for each in (event.before, event.after))
        if after:
            self._taken.add(after)
        elif before:
            self._taken.discard(before)


class Nodes:
    """Binds pods to nodes, runs them, and confirms that deleted ones have ended."""

    def __init__(self, cluster: Cluster, network: str) -> None:
        self._cluster = cluster
        self._addresses = Addresses(network)
        self.watches: Mapping[str, KeysOf] = {PODS: self._touched, NODES: self._waiting}

    def reconcile(self, key: Key) -> None:
        """Bind, run or finish one pod."""
        pod = self._cluster.picture.get(PODS, *key)
        if pod is None:
            return
        if is_leaving(pod):
            self._finish(pod)
        elif not pod["spec"].get("nodeName"):
            self._bind(pod)
        elif (pod.get("status") or {}).get("phase", "Pending") == "Pending":
            self._run(pod)

    def _bind(self, pod: JSON) -> None:
        node = node_for(pod, self._cluster.picture.everything(NODES))
        if node:
            bound = pod | {"spec": pod["spec"] | {"nodeName": node}}
            self._cluster.client.replace(PODS, bound, "binding")

    def _run(self, pod: JSON) -> None:
        node = self._cluster.picture.get(NODES, "", pod["spec"]["nodeName"])
        if node is None:
            return
        addresses = (node.get("status") or {}).get("addresses") or ()
        host = next((each["address"] for each in addresses if each["type"] == "InternalIP"), "")
        address = host if pod["spec"].get("hostNetwork") else self._addresses.take()
        self._cluster.write_status(PODS, pod, running_status(pod, address, host, self._cluster.now()))

    def _finish(self, pod: JSON) -> None:
        """Say that a deleted pod has ended; what holds it by a finalizer still does."""
        if not metadata(pod).get("finalizers"):
            self._cluster.client.delete(PODS, namespace_of(pod), name_of(pod), grace=0)

    def _touched(self, event: Event) -> list[Key]:
        self._addresses.note(event)
        return itself(event)

    def _waiting(self, event: Event) -> list[Key]:
        """Return the pods that wait for a node: one that is new or has changed may take them."""
        if event.after is None:
            return []
        pods = self._cluster.picture.everything(PODS)
        return [(namespace_of(each), name_of(each)) for each in pods if not (each.get("status") or {}).get("podIP")]
