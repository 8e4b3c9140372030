"""Begin and end troubles of a running sandbox by hand: faults of an API server, istiods that hang, networks apart."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import Any
from urllib.parse import quote

import msgspec

from meshglobal.sandbox.runtime.client import Client, clients
from meshglobal.sandbox.runtime.errors import AskedWrongError
from meshglobal.sandbox.runtime.place import Place

SLOW, DROP, HANG, SKEW, ISTIOD, PARTITION = "slow", "drop", "hang", "skew", "istiod", "partition"
WORDS = {
    SLOW: "answers come late, by --delay",
    DROP: "connections are dropped",
    HANG: "requests are never answered",
    SKEW: "the date in answers is ahead, by --delay",
    ISTIOD: "the control plane does nothing until istiod is restarted",
    PARTITION: "no contact with --peer, of requests neither",
}
"""What a trouble is called, and what it does; beside these any HTTP status from 400 to 599 is one."""
_LOWEST, _HIGHEST = 400, 599
_WITH_DELAY = (SLOW, SKEW)


class Trouble(msgspec.Struct, frozen=True):
    """One trouble as it is asked for; which fields count hangs on the kind."""

    kind: str
    delay: float = 0.0
    path: str = "*"
    methods: tuple[str, ...] = ()
    times: int | None = None
    retry_after: int | None = None
    peer: str = ""
    is_silent: bool = False


def begin(place: Place, cluster: str, trouble: Trouble) -> None:
    """Begin a trouble in a cluster; raises AskedWrongError for one that cannot be."""
    _check(trouble)
    with ExitStack() as stack:
        client = _one(_clients(place, stack), cluster)
        if trouble.kind == ISTIOD:
            client.send("PUT", "/sandbox/hang", {})
        elif trouble.kind == PARTITION:
            client.send("PUT", f"/sandbox/partition/{quote(trouble.peer)}", {"isSilent": trouble.is_silent})
        else:
            client.send("PUT", f"/sandbox/faults/{trouble.kind}", _fault(trouble))


def end(place: Place, cluster: str | None, kind: str | None) -> list[tuple[str, str]]:
    """End troubles: of one cluster or all, of one kind or all; which cluster had which."""
    with ExitStack() as stack:
        found = _clients(place, stack)
        ended = []
        for client in [_one(found, cluster)] if cluster is not None else found:
            for word in _of(client):
                name, _, peer = word.partition(" ")
                if kind in (None, name):
                    _end(client, name, peer)
                    ended.append((client.name, word))
    return ended


def troubles(place: Place) -> list[tuple[str, str]]:
    """Which cluster has which trouble now."""
    with ExitStack() as stack:
        return [(client.name, word) for client in _clients(place, stack) for word in _of(client)]


def _clients(place: Place, stack: ExitStack) -> list[Client]:
    return [stack.enter_context(closing(each)) for each in clients(place.kubeconfig)]


def _one(found: Sequence[Client], cluster: str) -> Client:
    for client in found:
        if client.name == cluster:
            return client
    names = ", ".join(client.name for client in found)
    raise AskedWrongError(f"this sandbox has no cluster {cluster!r}", f"there are {names}")


def _of(client: Client) -> list[str]:
    told = client.send("GET", "/sandbox/troubles")
    hanging = [ISTIOD] if told["hangs"] else []
    return [*told["faults"], *hanging, *(f"{PARTITION} {peer}" for peer in told["parted"])]


def _end(client: Client, name: str, peer: str) -> None:
    if name == ISTIOD:
        client.send("DELETE", "/sandbox/hang")
    elif name == PARTITION:
        client.send("DELETE", f"/sandbox/partition/{quote(peer)}")
    else:
        client.send("DELETE", f"/sandbox/faults/{name}")


def _check(trouble: Trouble) -> None:
    kind = trouble.kind
    is_status = kind.isascii() and kind.isdecimal() and _LOWEST <= int(kind) <= _HIGHEST
    if kind not in WORDS and not is_status:
        raise AskedWrongError(
            f"there is no trouble {kind!r}", f"there are {', '.join(WORDS)}, and HTTP statuses from 400 to 599"
        )
    if trouble.retry_after is not None and not is_status:
        raise AskedWrongError("--retry-after goes with an HTTP status alone", "such as: 429 --retry-after 2")
    if (kind in _WITH_DELAY) is not bool(trouble.delay):
        which = " and ".join(_WITH_DELAY)
        raise AskedWrongError(f"--delay goes with {which} alone, and these need it", f"such as: {SLOW} --delay 2s")
    if (kind == PARTITION) is not bool(trouble.peer):
        raise AskedWrongError(
            f"--peer goes with {PARTITION} alone, which needs it", f"such as: {PARTITION} --peer cluster2"
        )


def _fault(trouble: Trouble) -> dict[str, Any]:
    found: dict[str, Any] = {"path": trouble.path, "methods": list(trouble.methods), "left": trouble.times}
    match trouble.kind:
        case "slow":
            return found | {"latency": trouble.delay}
        case "skew":
            return found | {"skew": trouble.delay}
        case "drop":
            return found | {"drops": True}
        case "hang":
            return found | {"hangs": True}
        case status:
            return found | {"status": int(status), "retry_after": trouble.retry_after}
