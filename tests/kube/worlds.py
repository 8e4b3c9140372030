"""The worlds that the fleet's contract is held against: memory, embedded clusters over HTTPS, and a real cluster."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec
import yaml
from memory_fleet import MemoryFleet
from served_cluster import Served, served_cluster

from meshglobal.app.ports import Fleet
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.kinds import SERVICE, Kind
from meshglobal.domain.objects import Object, Service
from meshglobal.kube.fleet import ConnectionSettings, connect
from meshglobal.kube.kubeconfig import load
from meshglobal.kube.query_watch import WatchTimes
from meshglobal.kube.retrying import Patience
from meshglobal.kube.selection import Selection, Source

# A kind that nobody serves.
WIDGET = Kind("Widget", "widgets", "absent.example.com", "v1", Object, is_custom=True)
QUICK = ConnectionSettings(
    timeout=20,
    patience=Patience(request_timeout=5, pause=0.01, longest_pause=0.1),
    watch_times=WatchTimes(silence=30, absent=0.1, longest_pause=0.2),
)
DEAD_SERVER = "https://127.0.0.1:1"  # tcpmux: nothing listens there


class World(Protocol):
    """Clusters ``one`` and ``two``, a dead one, and ``one-again``, which leads to ``one``; a namespace in each."""

    namespace: str

    def fleet(self, *contexts: str) -> Fleet: ...
    def create(self, context: str, name: str, labels: Mapping[str, str] | None = None) -> Service: ...
    def label(self, context: str, name: str, labels: Mapping[str, str | None]) -> None: ...
    def delete(self, context: str, name: str) -> None: ...
    def find(self, context: str, name: str) -> Service | None: ...


def service_json(namespace: str, name: str, labels: Mapping[str, str] | None) -> dict[str, Any]:
    """A Service as its owner would write it."""
    meta = {"name": name, "namespace": namespace, "labels": {"app": name} | dict(labels or {})}
    spec = {"ports": [{"port": 80, "name": "http"}], "selector": {"app": name}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}


class MemoryWorld:
    """Records."""

    namespace = "shop"

    def __init__(self) -> None:
        self.known = MemoryFleet({"one": (), "two": (), "one-again": ()}, uids={"one": "1", "one-again": "1"})

    def fleet(self, *contexts: str) -> Fleet:
        made = MemoryFleet(
            dict.fromkeys(contexts, ()),
            unreachable={"dead": failure(Cause.REFUSED, "refused", "dead")},
            absent={context: [WIDGET] for context in contexts},
            uids=self.known.uids,
        )
        made._stores |= self.known._stores
        made._watchers = self.known._watchers
        return made

    def create(self, context: str, name: str, labels: Mapping[str, str] | None = None) -> Service:
        made = self.known.put(context, msgspec.convert(service_json(self.namespace, name, labels), Service))
        assert isinstance(made, Service)
        return made

    def label(self, context: str, name: str, labels: Mapping[str, str | None]) -> None:
        found = self.find(context, name)
        assert found is not None
        now = {key: value for key, value in ((found.metadata.labels or {}) | labels).items() if value is not None}
        meta = msgspec.structs.replace(found.metadata, labels=now)
        self.known.put(context, msgspec.structs.replace(found, metadata=meta))

    def delete(self, context: str, name: str) -> None:
        self.known.delete(context, SERVICE, self.namespace, name)

    def find(self, context: str, name: str) -> Service | None:
        found = self.known.get(context, SERVICE, self.namespace, name)
        assert found is None or isinstance(found, Service)
        return found


class LiveWorld:
    """API servers. The other hand that changes objects is the official client."""

    def __init__(self, kubeconfig: Path) -> None:
        self.namespace = f"meshglobal-{secrets.token_hex(4)}"
        self._kubeconfig = load(str(kubeconfig), {})
        self._path = str(kubeconfig)
        self._apis: dict[str, Any] = {}
        self._fleets = ExitStack()

    def fleet(self, *contexts: str, settings: ConnectionSettings = QUICK) -> Fleet:
        made = connect(self._kubeconfig, Selection(contexts, Source.FLAG), settings)
        self._fleets.callback(made.close)
        return made

    def create(self, context: str, name: str, labels: Mapping[str, str] | None = None) -> Service:
        self._api(context).create_namespaced_service(self.namespace, service_json(self.namespace, name, labels))
        found = self.find(context, name)
        assert found is not None
        return found

    def label(self, context: str, name: str, labels: Mapping[str, str | None]) -> None:
        self._api(context).patch_namespaced_service(name, self.namespace, {"metadata": {"labels": labels}})

    def delete(self, context: str, name: str) -> None:
        self._api(context).delete_namespaced_service(name, self.namespace)

    def find(self, context: str, name: str) -> Service | None:
        api = self._api(context)
        raw = api.list_namespaced_service(
            self.namespace, field_selector=f"metadata.name={name}", _preload_content=False
        )
        items = json.loads(raw.data)["items"]
        return msgspec.convert(items[0], Service) if items else None

    def _api(self, context: str) -> Any:
        from kubernetes import client, config

        if context not in self._apis:
            self._apis[context] = client.CoreV1Api(config.new_client_from_config(self._path, context=context))
            if context != "one-again":
                self._apis[context].create_namespace({"metadata": {"name": self.namespace}})
        return self._apis[context]

    def close(self) -> None:
        self._fleets.close()
        for context, api in self._apis.items():
            if context != "one-again":
                api.delete_namespace(self.namespace)
            api.api_client.close()


def merged_kubeconfig(path: Path, served: Mapping[str, Served]) -> Path:
    """The kubeconfigs of several clusters in one file, with the further contexts of `World`."""
    parts = {name: yaml.safe_load(each.kubeconfig.read_text()) for name, each in served.items()}
    whole = {section: [x for p in parts.values() for x in p[section]] for section in ("clusters", "users", "contexts")}
    return write_further_contexts(path, whole)


def write_further_contexts(path: Path, whole: dict[str, Any]) -> Path:
    """Add ``dead`` and ``one-again`` to a kubeconfig and write it."""
    one = next(entry["context"] for entry in whole["contexts"] if entry["name"] == "one")
    whole["clusters"].append({"name": "dead", "cluster": {"server": DEAD_SERVER, "insecure-skip-tls-verify": True}})
    whole["contexts"].append({"name": "dead", "context": {"cluster": "dead", "user": one["user"]}})
    whole["contexts"].append({"name": "one-again", "context": one})
    path.touch(0o600)
    path.write_text(json.dumps(whole))
    return path


def real_kubeconfig(path: Path) -> Path | None:
    """The first two contexts of MESHGLOBAL_TEST_KUBECONFIG, which must lead to two clusters; None: there are fewer."""
    found = load(os.environ["MESHGLOBAL_TEST_KUBECONFIG"], {})
    entries = list(found.contexts.values())[:2]
    if len(entries) < len(("one", "two")):
        return None
    names = zip(("one", "two"), entries, strict=True)
    whole = {
        "contexts": [{"name": name, "context": dict(entry.body)} for name, entry in names],
        "clusters": [{"name": name, "cluster": dict(entry.body)} for name, entry in found.clusters.items()],
        "users": [{"name": name, "user": dict(entry.body)} for name, entry in found.users.items()],
    }
    return write_further_contexts(path, whole)


@contextmanager
def embedded_clusters(directory: Path, *names: str) -> Iterator[dict[str, Served]]:
    """Several embedded clusters over HTTPS."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(served_cluster(directory, name)) for name in names}
