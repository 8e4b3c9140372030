"""The container and the pod that a call brings along: both within the restricted Pod Security Standard."""

from __future__ import annotations

from typing import Any

from meshglobal.app.call_ports import Job

CONTAINER = "curl"
_NOBODY = 65532
_MANAGED = {"app.kubernetes.io/name": "meshglobal-call", "app.kubernetes.io/managed-by": "meshglobal"}
# A sidecar that is injected must be ready before curl starts.
_ANNOTATIONS = {"proxy.istio.io/config": '{"holdApplicationUntilProxyStarts": true}'}
_LEEWAY = 120


def container(job: Job, name: str) -> dict[str, Any]:
    """A container that runs the job's program; it waits for its input, which comes when somebody is attached."""
    return {
        "name": name,
        "image": job.image,
        "imagePullPolicy": "IfNotPresent",
        "command": list(job.argv[:1]),
        "args": list(job.argv[1:]),
        "stdin": True,
        "stdinOnce": True,
        "terminationMessagePolicy": "File",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": _NOBODY,  # the image names its user, and the kubelet cannot tell from a name who is root
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def pod(job: Job, name: str) -> dict[str, Any]:
    """A pod for the job alone; it ends by itself, should nobody be left to delete it."""
    resources = {"cpu": "50m", "memory": "64Mi"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": job.namespace,
            "labels": _MANAGED | job.labels,
            "annotations": _ANNOTATIONS,
        },
        "spec": {
            "restartPolicy": "Never",
            "activeDeadlineSeconds": int(job.seconds) + _LEEWAY,
            "terminationGracePeriodSeconds": 1,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            **({"serviceAccountName": job.service_account} if job.service_account else {}),
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container(job, CONTAINER) | {"resources": {"requests": resources, "limits": resources}}],
        },
    }
