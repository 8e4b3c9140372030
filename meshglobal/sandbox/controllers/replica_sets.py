"""ReplicaSets: as many pods as spec.replicas says, and the counters of those that are ready and available."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.controllers.conditions import condition, is_true, merged, seconds_since
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf, itself, owners_of_kind
from meshglobal.sandbox.controllers.ownership import (
    adopted,
    claim,
    controller_reference,
    is_leaving,
    labels_of,
    released,
)
from meshglobal.sandbox.controllers.rollout import wanted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

REPLICA_SETS, PODS = "replicasets.apps", "pods"
_BURST = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How many pods to create (each as `pod`), which to delete, the status, and when the next pod turns available."""

    missing: int
    surplus: list[JSON]
    status: JSON
    again: float | None


def plan(replica_set: JSON, pods: Sequence[JSON], now: dt.datetime) -> Plan:
    """Return what a ReplicaSet that owns these pods needs; pods that have ended or are leaving do not count."""
    alive = [each for each in pods if is_alive(each)]
    missing = wanted(replica_set) - len(alive)
    surplus = sorted(alive, key=_deletion_rank)[: max(0, -missing)]
    waits = [wait for each in alive if (wait := seconds_to_available(replica_set, each, now))]
    return Plan(min(max(0, missing), _BURST), surplus, _status(replica_set, pods, now), min(waits, default=None))


def is_alive(pod: JSON) -> bool:
    """Whether a pod is neither leaving nor ended."""
    return not is_leaving(pod) and (pod.get("status") or {}).get("phase") not in {"Succeeded", "Failed"}


def seconds_to_available(replica_set: JSON, pod: JSON, now: dt.datetime) -> float | None:
    """Return after how many seconds a pod counts as available, 0 if it does, None while it is not ready."""
    ready = condition((pod.get("status") or {}).get("conditions"), "Ready")
    if ready is None or ready["status"] != "True":
        return None
    needed = int(replica_set["spec"].get("minReadySeconds", 0))
    if not needed:
        return 0.0
    return max(0.0, needed - seconds_since(ready["lastTransitionTime"], now))


def pod_of(replica_set: JSON) -> JSON:
    """Return a pod made from the template; the server completes its name."""
    template = replica_set["spec"]["template"]
    shown = {key: value for key, value in (template.get("metadata") or {}).items() if key in {"labels", "annotations"}}
    meta = shown | {
        "generateName": f"{name_of(replica_set)}-",
        "namespace": namespace_of(replica_set),
        "ownerReferences": [controller_reference(replica_set)],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]}


def _deletion_rank(pod: JSON) -> tuple[bool, bool, int]:
    """Sort first what is missed least: pods on no node, pods that are not ready, the youngest."""
    born = str(metadata(pod).get("creationTimestamp", ""))
    is_placed = bool((pod.get("spec") or {}).get("nodeName"))
    return is_placed, is_true(pod, "Ready"), -int("".join(filter(str.isdigit, born)) or 0)


def _status(replica_set: JSON, pods: Sequence[JSON], now: dt.datetime) -> JSON:
    alive = [each for each in pods if is_alive(each)]
    template = (replica_set["spec"]["template"].get("metadata") or {}).get("labels") or {}
    counts = {
        "fullyLabeledReplicas": sum(template.items() <= labels_of(each).items() for each in alive),
        "readyReplicas": sum(is_true(each, "Ready") for each in alive),
        "availableReplicas": sum(seconds_to_available(replica_set, each, now) == 0 for each in alive),
    }
    status: JSON = {"replicas": len(alive)} | {key: count for key, count in counts.items() if count}
    status["terminatingReplicas"] = sum(is_leaving(each) for each in pods)
    return status | {"observedGeneration": metadata(replica_set).get("generation", 1)}


class ReplicaSets:
    """Carries out the plan of each ReplicaSet."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        owners = owners_of_kind(cluster, REPLICA_SETS, "ReplicaSet")
        self.watches: Mapping[str, KeysOf] = {REPLICA_SETS: itself, PODS: owners}

    def reconcile(self, key: Key) -> float | None:
        """Create or delete the pods of one ReplicaSet; returns when the next pod turns available."""
        replica_set = self._cluster.picture.get(REPLICA_SETS, *key)
        if replica_set is None or is_leaving(replica_set):
            return None
        client = self._cluster.client
        step = plan(replica_set, self._claimed(replica_set), self._cluster.now())
        for each in step.surplus:
            client.delete(PODS, namespace_of(each), name_of(each))
        if step.missing:
            self._create(replica_set, step)
        if not (step.surplus or step.missing):  # otherwise the pods' own events ask again
            self._cluster.write_status(REPLICA_SETS, replica_set, step.status)
        return step.again

    def _create(self, replica_set: JSON, step: Plan) -> None:
        """Create the missing pods; a refusal stands in the status until it is overcome."""
        try:
            for _ in range(step.missing):
                self._cluster.client.create(PODS, pod_of(replica_set))
        except ApiError as refusal:
            failed = step.status | {"conditions": [self._failure(replica_set, refusal)]}
            self._cluster.write_status(REPLICA_SETS, replica_set, failed)
            raise

    def _failure(self, replica_set: JSON, refusal: ApiError) -> JSON:
        """Return the condition of a refusal. The first one stays: the next differs in the name of a pod alone."""
        known = condition((replica_set.get("status") or {}).get("conditions"), "ReplicaFailure")
        failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": str(refusal)}
        return known or merged((), failure, self._cluster.now())

    def _claimed(self, replica_set: JSON) -> list[JSON]:
        """Return the ReplicaSet's pods, after taking on and letting go what its selector says."""
        candidates = self._cluster.picture.candidates(PODS, replica_set)
        found = claim(replica_set, replica_set["spec"]["selector"], candidates)
        for each in found.release:
            self._cluster.client.replace(PODS, released(each, replica_set))
        taken = [self._cluster.client.replace(PODS, adopted(each, replica_set)) for each in found.adopt]
        return [*found.owned, *taken]
