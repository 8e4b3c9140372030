"""The account of the pod we run in, in the form of a kubeconfig with the single context ``in-cluster``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
NAME = "in-cluster"


def in_cluster_config(environment: Mapping[str, str], account: Path = ACCOUNT) -> dict[str, Any] | None:
    """A kubeconfig for the API server of the pod's own cluster; None outside a pod."""
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), environment.get("KUBERNETES_SERVICE_PORT")
    if not host or not port or not (account / "token").exists():
        return None
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    context = {"cluster": NAME, "user": NAME}
    if (account / "namespace").exists():
        context["namespace"] = (account / "namespace").read_text().strip()
    cluster = {"server": server, "certificate-authority": str(account / "ca.crt")}
    return {
        "current-context": NAME,
        "contexts": [{"name": NAME, "context": context}],
        "clusters": [{"name": NAME, "cluster": cluster}],
        "users": [{"name": NAME, "user": {"tokenFile": str(account / "token")}}],
    }
