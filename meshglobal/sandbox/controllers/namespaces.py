"""What each namespace has from its beginning: the ServiceAccount `default` and the ConfigMap with the cluster's CA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.controllers.controller import Cluster, Key, KeysOf
from meshglobal.sandbox.controllers.ownership import is_leaving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshglobal.sandbox.controllers.picture import Event

NAMESPACES, ACCOUNTS, CONFIG_MAPS = "namespaces", "serviceaccounts", "configmaps"
_ROOT_CA = "kube-root-ca.crt"


def furniture(namespace: str, root_ca: str) -> dict[str, JSON]:
    """Return resource -> the object of it that every namespace has."""
    return {
        ACCOUNTS: {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": "default", "namespace": namespace},
        },
        CONFIG_MAPS: {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": _ROOT_CA, "namespace": namespace},
            "data": {"ca.crt": root_ca},
        },
    }


class Namespaces:
    """Furnishes each namespace, and puts back what somebody took out."""

    def __init__(self, cluster: Cluster, root_ca: str) -> None:
        self._cluster = cluster
        self._root_ca = root_ca
        self.watches: Mapping[str, KeysOf] = {
            NAMESPACES: lambda event: [("", name_of(event.obj))],
            ACCOUNTS: _when_gone,
            CONFIG_MAPS: _when_gone,
        }

    def reconcile(self, key: Key) -> None:
        """Furnish one namespace."""
        namespace = self._cluster.picture.get(NAMESPACES, *key)
        if namespace is None or is_leaving(namespace):
            return
        for resource, obj in furniture(key[1], self._root_ca).items():
            if self._cluster.picture.get(resource, key[1], name_of(obj)) is None:
                self._cluster.client.create(resource, obj)


def _when_gone(event: Event) -> list[Key]:
    return [("", namespace_of(event.obj))] if event.after is None else []
