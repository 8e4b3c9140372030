"""The ReplicaSets of a Deployment as its revisions: which one is new, how it is numbered, which may be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, metadata, name_of, namespace_of
from meshglobal.sandbox.controllers.ownership import (
    annotations_of,
    controller_reference,
    is_leaving,
)
from meshglobal.sandbox.controllers.rollout import reported, surge_and_slack, wanted
from meshglobal.sandbox.controllers.template_hash import template_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REVISION = "deployment.kubernetes.io/revision"
_HISTORY = "deployment.kubernetes.io/revision-history"
_DESIRED = "deployment.kubernetes.io/desired-replicas"
_MOST = "deployment.kubernetes.io/max-replicas"
_NOT_COPIED = frozenset(
    {
        REVISION,
        _HISTORY,
        _DESIRED,
        _MOST,
        "kubectl.kubernetes.io/last-applied-configuration",
        "deprecated.deployment.rollback.to",
    }
)
HASH_LABEL = "pod-template-hash"


def revision_of(workload: JSON) -> int:
    """Return the revision that a ReplicaSet or Deployment is annotated with, 0 where there is none."""
    text = annotations_of(workload).get(REVISION, "")
    return int(text) if text.isdigit() else 0


def same_template(deployment: JSON, replica_set: JSON) -> bool:
    """Whether a ReplicaSet was made from this template of the Deployment."""
    template = replica_set["spec"]["template"]
    meta = dict(template.get("metadata") or {})
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != HASH_LABEL}
    wanted_template = deployment["spec"]["template"]
    wanted_meta = {key: value for key, value in (wanted_template.get("metadata") or {}).items() if key != "labels"}
    return (
        template["spec"] == wanted_template["spec"]
        and labels == ((wanted_template.get("metadata") or {}).get("labels") or {})
        and {key: value for key, value in meta.items() if key != "labels" and value} == _without_empty(wanted_meta)
    )


def _without_empty(fields: JSON) -> JSON:
    return {key: value for key, value in fields.items() if value}


def newest(deployment: JSON, replica_sets: Iterable[JSON]) -> JSON | None:
    """Return the ReplicaSet of the present template; the oldest, should there be several."""
    found = [each for each in replica_sets if same_template(deployment, each)]
    return min(found, key=lambda each: str(metadata(each).get("creationTimestamp", "")), default=None)


def new_replica_set(deployment: JSON, old: Sequence[JSON], replicas: int, collisions: int) -> JSON:
    """Return the ReplicaSet that begins a new revision."""
    template = deployment["spec"]["template"]
    mark = template_hash(template, collisions)
    template_meta = dict(template.get("metadata") or {})
    labels = dict(template_meta.get("labels") or {}) | {HASH_LABEL: mark}
    selector = dict(deployment["spec"]["selector"])
    selector["matchLabels"] = dict(selector.get("matchLabels") or {}) | {HASH_LABEL: mark}
    spec = {
        "replicas": replicas,
        "selector": selector,
        "template": template | {"metadata": template_meta | {"labels": labels}},
    }
    if deployment["spec"].get("minReadySeconds"):
        spec["minReadySeconds"] = deployment["spec"]["minReadySeconds"]
    meta = {
        "name": f"{name_of(deployment)}-{mark}",
        "namespace": namespace_of(deployment),
        "labels": labels,
        "ownerReferences": [controller_reference(deployment)],
    }
    bare = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec}
    return brought_up_to_date(deployment, bare, old, replicas)


def brought_up_to_date(deployment: JSON, replica_set: JSON, others: Iterable[JSON], replicas: int) -> JSON:
    """Return the newest ReplicaSet with this size, the highest revision and the Deployment's annotations."""
    kept = {key: value for key, value in annotations_of(deployment).items() if key not in _NOT_COPIED}
    annotations = dict(annotations_of(replica_set)) | kept | _size_notes(deployment)
    revision = max([revision_of(each) for each in others], default=0) + 1
    before = revision_of(replica_set)
    if revision > before:
        if before:
            history = [*annotations.get(_HISTORY, "").split(","), str(before)]
            annotations[_HISTORY] = ",".join(filter(None, history))
        annotations[REVISION] = str(revision)
    spec = replica_set["spec"] | {"replicas": replicas}
    ready_after = deployment["spec"].get("minReadySeconds", 0)
    if spec.get("minReadySeconds", 0) != ready_after:
        spec["minReadySeconds"] = ready_after
    return replica_set | {"metadata": replica_set["metadata"] | {"annotations": annotations}, "spec": spec}


def resized(deployment: JSON, replica_set: JSON, replicas: int) -> JSON:
    """Return an older ReplicaSet with this size."""
    if wanted(replica_set) == replicas:
        return replica_set
    annotations = dict(annotations_of(replica_set)) | _size_notes(deployment)
    meta = replica_set["metadata"] | {"annotations": annotations}
    return replica_set | {"metadata": meta, "spec": replica_set["spec"] | {"replicas": replicas}}


def _size_notes(deployment: JSON) -> dict[str, str]:
    """Return what a ReplicaSet notes of the Deployment's size, so that a change of size can be told later."""
    goal = wanted(deployment)
    return {_DESIRED: str(goal), _MOST: str(goal + surge_and_slack(deployment)[0])}


def forgettable(deployment: JSON, old: Sequence[JSON]) -> list[JSON]:
    """Return the older ReplicaSets beyond spec.revisionHistoryLimit: empty ones, lowest revision first."""
    limit = int(deployment["spec"].get("revisionHistoryLimit", 10))
    empty = [each for each in old if not (wanted(each) or reported(each, "replicas") or is_leaving(each))]
    surplus = max(0, len(old) - limit)
    return sorted(empty, key=revision_of)[:surplus]
