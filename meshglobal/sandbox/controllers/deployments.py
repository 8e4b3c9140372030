"""Deployments: one ReplicaSet per revision, sizes moved step by step, status and history for `kubectl rollout`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.controllers import revisions
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf, itself, owners_of_kind
from meshglobal.sandbox.controllers.deployment_status import deployment_status, seconds_to_deadline
from meshglobal.sandbox.controllers.ownership import adopted, annotations_of, claim, is_leaving, released
from meshglobal.sandbox.controllers.rollout import is_recreate, reported, size_of_new, sizes_of_old, wanted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

DEPLOYMENTS, REPLICA_SETS = "deployments.apps", "replicasets.apps"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a Deployment needs done next: ReplicaSets to create, replace and delete, and the Deployment's new state."""

    create: JSON | None
    replace: list[JSON]
    delete: list[JSON]
    deployment: JSON


def plan(deployment: JSON, replica_sets: Sequence[JSON], now: dt.datetime) -> Plan:
    """Return the next step of a Deployment that owns these ReplicaSets; asked again after each, it ends with none."""
    new = revisions.newest(deployment, replica_sets)
    old = [each for each in replica_sets if each is not new]
    is_paused = bool(deployment["spec"].get("paused"))
    if new is None and not is_paused:
        # The status follows when the ReplicaSet stands, so that nobody takes the old pods for the new generation's.
        return Plan(_next_revision(deployment, old), [], [], deployment)
    if new is None or is_paused:
        changes, surplus = _resized_while_paused(deployment, replica_sets), []
    else:
        changes = [_brought_on(deployment, new, old), *_shrunk(deployment, new, old)]
        surplus = revisions.forgettable(deployment, old)
    changed = [each for each in changes if each not in replica_sets]
    return Plan(None, changed, surplus, _with_status(deployment, new, old, now))


def _next_revision(deployment: JSON, old: Sequence[JSON]) -> JSON:
    replicas = 0 if _must_wait(deployment, old) else size_of_new(deployment, 0, old)
    collisions = int((deployment.get("status") or {}).get("collisionCount") or 0)
    return revisions.new_replica_set(deployment, old, replicas, collisions)


def _brought_on(deployment: JSON, new: JSON, old: Sequence[JSON]) -> JSON:
    now = wanted(new)
    replicas = now if _must_wait(deployment, old) else size_of_new(deployment, now, old)
    return revisions.brought_up_to_date(deployment, new, old, replicas)


def _must_wait(deployment: JSON, old: Sequence[JSON]) -> bool:
    """Whether the strategy Recreate keeps new pods back while there are old ones."""
    return is_recreate(deployment) and any(wanted(each) or reported(each, "replicas") for each in old)


def _shrunk(deployment: JSON, new: JSON, old: Sequence[JSON]) -> list[JSON]:
    sizes = sizes_of_old(deployment, new, old)
    return [revisions.resized(deployment, each, sizes[name_of(each)]) for each in old]


def _resized_while_paused(deployment: JSON, replica_sets: Sequence[JSON]) -> list[JSON]:
    """Let a paused Deployment follow its size where one ReplicaSet has all the pods; it starts no revision."""
    active = [each for each in replica_sets if wanted(each)] or sorted(replica_sets, key=revisions.revision_of)[-1:]
    if len(active) != 1:
        return []
    return [revisions.resized(deployment, active[0], wanted(deployment))]


def _with_status(deployment: JSON, new: JSON | None, old: Sequence[JSON], now: dt.datetime) -> JSON:
    """Return the Deployment with its status and the annotation of its revision; the two are one write."""
    meta = deployment["metadata"]
    if new is not None and revisions.revision_of(new) not in {0, revisions.revision_of(deployment)}:
        note = {revisions.REVISION: str(revisions.revision_of(new))}
        meta = meta | {"annotations": annotations_of(deployment) | note}
    return deployment | {"metadata": meta, "status": deployment_status(deployment, new, old, now)}


class Deployments:
    """Carries out the plan of each Deployment."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        owners = owners_of_kind(cluster, DEPLOYMENTS, "Deployment")
        self.watches: Mapping[str, KeysOf] = {DEPLOYMENTS: itself, REPLICA_SETS: owners}

    def reconcile(self, key: Key) -> float | None:
        """Do the next step of one Deployment; returns the seconds to its progress deadline while it rolls out."""
        deployment = self._cluster.picture.get(DEPLOYMENTS, *key)
        if deployment is None or is_leaving(deployment):
            return None
        now = self._cluster.now()
        step = plan(deployment, self._claimed(deployment), now)
        if step.create is not None:
            self._create(deployment, step.create)
        for each in step.replace:
            self._cluster.client.replace(REPLICA_SETS, each)
        for each in step.delete:
            self._cluster.client.delete(REPLICA_SETS, namespace_of(each), name_of(each))
        if step.deployment != deployment:
            self._cluster.client.replace(DEPLOYMENTS, step.deployment, "status")
        return seconds_to_deadline(step.deployment, now)

    def _claimed(self, deployment: JSON) -> list[JSON]:
        """Return the Deployment's ReplicaSets, after taking on and letting go what its selector says."""
        candidates = self._cluster.picture.candidates(REPLICA_SETS, deployment)
        found = claim(deployment, deployment["spec"]["selector"], candidates)
        for each in found.release:
            self._cluster.client.replace(REPLICA_SETS, released(each, deployment))
        taken = [self._cluster.client.replace(REPLICA_SETS, adopted(each, deployment)) for each in found.adopt]
        return [each for each in (*found.owned, *taken) if not is_leaving(each)]

    def _create(self, deployment: JSON, replica_set: JSON) -> None:
        """Create a ReplicaSet; where its name is taken, count a collision, which changes the next one's name."""
        if self._cluster.picture.get(REPLICA_SETS, namespace_of(replica_set), name_of(replica_set)) is None:
            self._cluster.client.create(REPLICA_SETS, replica_set)
            return
        status = dict(deployment.get("status") or {})
        status["collisionCount"] = int(status.get("collisionCount") or 0) + 1
        self._cluster.write_status(DEPLOYMENTS, deployment, status)
