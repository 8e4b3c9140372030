"""One service in full: ``/api/v1/services/{namespace}/{name}``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from meshglobal.app.live import Look
from meshglobal.app.live_detail import Detail, Placed, is_there, service_detail
from meshglobal.app.ports import Fleet
from meshglobal.dashboard.actions_fleet import sparing
from meshglobal.dashboard.documents import EntryDocument, ObjectDocument, Reference, ServiceDetail
from meshglobal.dashboard.exchange import VERSION, Answer, Asked
from meshglobal.dashboard.hub import Hub
from meshglobal.dashboard.pods import PodReader, Pods
from meshglobal.dashboard.routes import Routes
from meshglobal.domain.changes import HostChange
from meshglobal.domain.errors import CannotCheckError, NotFoundError
from meshglobal.domain.finding import Evidence
from meshglobal.domain.inventory import GlobalService
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.strictness import Strictness

_WORKERS = 2
# What kubectl keeps there is the whole object once more.
_LEFT_OUT = "kubectl.kubernetes.io/last-applied-configuration"


class Details:
    """Works a service out in threads: in a large mesh that takes longer than an event loop may stand still."""

    def __init__(self, hub: Hub, fleet: Fleet, strict: Strictness) -> None:
        self._hub = hub
        self._strict = strict
        self._fleet = fleet
        self._pods = PodReader(self._reachable)
        self._threads = ThreadPoolExecutor(_WORKERS, "meshglobal-detail")

    def add_to(self, routes: Routes) -> None:
        """Add what there is."""
        routes.get("/api/v1/services/{namespace}/{name}", self._describe)

    def stop(self) -> None:
        """Begin nothing more."""
        self._pods.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _describe(self, asked: Asked) -> Answer:
        key = ServiceKey(asked.parts["namespace"], asked.parts["name"])
        # Clusters are asked about nothing that merely stands in a path.
        pods = (
            await self._pods.pods_for(key, self._row(key))
            if is_there(self._look, key)
            else Pods(None, is_complete=True)
        )
        look = self._look
        body = await asyncio.get_running_loop().run_in_executor(
            self._threads, _encoded, look, key, self._strict, pods, self._hub.history.of(key)
        )
        if body is None:
            raise NotFoundError(
                f'services "{key.name}" not found in namespace "{key.namespace}" of any cluster that could be read'
            )
        return Answer(body, headers=((VERSION, str(look.version)),))

    def _reachable(self) -> Fleet:
        """Who waits for a cluster that hangs keeps everybody else from the pods of the others."""
        look = self._look
        return sparing(self._fleet, look.picture.snapshot, look.unread, ())

    @property
    def _look(self) -> Look:
        if (look := self._hub.look) is None:
            raise CannotCheckError("no cluster has been read yet", "wait a moment, or look at the clusters' page")
        return look

    def _row(self, key: ServiceKey) -> GlobalService | None:
        return next((one for one in self._hub.shown.inventory.services if (one.namespace, one.name) == key), None)


def _encoded(
    look: Look, key: ServiceKey, strict: Strictness, pods: Pods, history: tuple[HostChange, ...]
) -> bytes | None:
    detail = service_detail(look, key, strict, pods.snapshot)
    is_complete = pods.is_complete and look.check is not None
    return None if detail is None else msgspec.json.encode(_document(detail, history, is_complete=is_complete))


def _document(detail: Detail, history: tuple[HostChange, ...], *, is_complete: bool) -> ServiceDetail:
    return ServiceDetail(
        service=detail.service,
        diagnosis=detail.diagnosis,
        entries=tuple(
            EntryDocument(one.context, one.kind.name, one.object.name, _yaml(_shown(one))) for one in detail.entries
        ),
        objects=tuple(map(_object, detail.objects)),
        references=tuple(map(_reference, detail.references)),
        history=history,
        is_complete=is_complete,
    )


def _object(placed: Placed) -> ObjectDocument:
    shown = _shown(placed)
    metadata = shown["metadata"]
    return ObjectDocument(
        context=placed.context,
        kind=placed.kind.name,
        name=placed.object.name,
        labels=metadata.get("labels") or {},
        annotations=metadata.get("annotations") or {},
        yaml=_yaml(shown),
    )


def _reference(seen: Evidence) -> Reference:
    return Reference(seen.context, seen.kind, seen.namespace, seen.name, seen.field, seen.value or "")


def _shown(placed: Placed) -> dict[str, Any]:
    """An object as it is written down, as far as it was read."""
    body = msgspec.to_builtins(placed.object)
    metadata = dict(body.get("metadata") or {})
    if annotations := {name: text for name, text in (metadata.get("annotations") or {}).items() if name != _LEFT_OUT}:
        metadata["annotations"] = annotations
    else:
        metadata.pop("annotations", None)
    return {"apiVersion": _api_version(placed.kind), "kind": placed.kind.name, **body, "metadata": metadata}


def _api_version(kind: Kind) -> str:
    return f"{kind.group}/{kind.version}" if kind.group else kind.version


def _yaml(body: Mapping[str, Any]) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(dict(body), Dumper=dumper, sort_keys=False, allow_unicode=True))
