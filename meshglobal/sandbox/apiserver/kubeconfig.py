"""Kubeconfig files for embedded clusters: one context a cluster and user. They hold tokens, so mode 0600."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any, Protocol

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Reachable(Protocol):
    """What a kubeconfig must know of a cluster."""

    @property
    def name(self) -> str:
        """The name of the cluster."""

    @property
    def url(self) -> str:
        """Where its API server listens."""

    @property
    def ca_pem(self) -> str:
        """Which authority signed its certificate."""

    @property
    def tokens(self) -> Mapping[str, str]:
        """User name -> bearer token."""


def kubeconfig(clusters: Iterable[Reachable], users: Iterable[str] = ("admin",)) -> dict[str, Any]:
    """Return a kubeconfig: the admin's contexts are named like the clusters, others `<cluster>-<user>`."""
    entries: dict[str, list[dict[str, Any]]] = {"clusters": [], "users": [], "contexts": []}
    wanted = list(users)
    for cluster in clusters:
        authority = base64.b64encode(cluster.ca_pem.encode()).decode()
        reached = {"server": cluster.url, "certificate-authority-data": authority}
        entries["clusters"].append({"name": cluster.name, "cluster": reached})
        for user in wanted:
            name = cluster.name if user == "admin" else f"{cluster.name}-{user}"
            entries["users"].append({"name": name, "user": {"token": cluster.tokens[user]}})
            entries["contexts"].append({"name": name, "context": {"cluster": cluster.name, "user": name}})
    first = entries["contexts"][0]["name"] if entries["contexts"] else ""
    return {"apiVersion": "v1", "kind": "Config", "current-context": first, **entries}


def write_kubeconfig(path: Path, content: Mapping[str, Any]) -> None:
    """Write a kubeconfig that nobody else can read, in one go: a reader sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        yaml.safe_dump(dict(content), file, sort_keys=False)
    fresh.replace(path)
