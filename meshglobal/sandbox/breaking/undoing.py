"""Take back what was set up: the objects that were changed become as they were before."""

from __future__ import annotations

from contextlib import ExitStack, closing
from http import HTTPStatus
from typing import Any

from meshglobal.domain.labels import PARENT_SERVICE
from meshglobal.sandbox.breaking.journal import Kept, forget_journal, journal_of
from meshglobal.sandbox.breaking.setting_up import created, end_troubles, settle
from meshglobal.sandbox.runtime.client import Client, RefusedError, clients
from meshglobal.sandbox.runtime.place import Place

_TRIES = 5
_WITH_STATUS = frozenset({"Gateway", "DaemonSet"})
"""Kinds whose status nobody in a sandbox would write anew."""


def undo(place: Place) -> str | None:
    """Put everything back; the code that was set up, None where nothing was. May be repeated after a failure."""
    journal = journal_of(place)
    if journal is None:
        return None
    with ExitStack() as stack:
        found = {each.name: stack.enter_context(closing(each)) for each in clients(place.kubeconfig)}
        end_troubles(found)
        for kept in reversed(journal.kept):
            _restore(found[kept.context], kept)
        settle(found)
    forget_journal(place)
    return journal.code


def _restore(client: Client, kept: Kept) -> None:
    """Until it is done: a control plane may write the same object at the same time."""
    for tries_left in reversed(range(_TRIES)):
        try:
            _put_back(client, kept)
        except RefusedError as refusal:
            if refusal.status not in (HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND) or not tries_left:
                raise
        else:
            return


def _put_back(client: Client, kept: Kept) -> None:
    now, before = client.find(kept.path), kept.before
    if before is None or _is_generated(before):  # those are written anew by the control plane, as they must be now
        if now is not None:
            client.send("DELETE", kept.path)
        return
    if now is not None and now["metadata"]["uid"] != before["metadata"]["uid"]:
        client.send("DELETE", kept.path)
        now = None
    if now is None:
        stored = client.send("POST", kept.path.rpartition("/")[0], created(before))
    else:
        stored = client.send("PUT", kept.path, _at(now, before))
    if before["kind"] in _WITH_STATUS and before.get("status"):
        client.send("PUT", f"{kept.path}/status", _at(stored, before))


def _is_generated(obj: dict[str, Any]) -> bool:
    return PARENT_SERVICE in (obj["metadata"].get("labels") or {})


def _at(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """An earlier version as a change of the present one."""
    metadata = before["metadata"] | {key: now["metadata"].get(key) for key in ("uid", "resourceVersion")}
    return before | {"metadata": metadata}
