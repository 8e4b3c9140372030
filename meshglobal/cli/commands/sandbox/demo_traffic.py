"""The part of `sandbox demo` that sends requests: steps 4 and 5 of the guide's example, and a way in from outside."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from meshglobal.domain.errors import ExitCode

if TYPE_CHECKING:
    from meshglobal.sandbox.runtime.client import Client
    from meshglobal.sandbox.runtime.place import Place

Run = Callable[[tuple[str, ...]], int]
Head = Callable[..., None]
"""Prints a heading, and under it commands as they would be typed."""

_CALL = (
    *("call", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1"),
    *("--from", "app=ratings", "--path", "/productpage", "--count", "10"),
)
_ROUTE = ("route", "svc", "productpage", "-n", "bookinfo", "--context", "cluster1", "--apply")
_DEPLOYMENT = "/apis/apps/v1/namespaces/bookinfo/deployments/productpage-v1"
_SLICES = (
    "/apis/discovery.k8s.io/v1/namespaces/bookinfo/endpointslices?labelSelector=kubernetes.io/service-name=productpage"
)
_GATEWAY = "/apis/gateway.networking.k8s.io/v1/namespaces/bookinfo/gateways/productpage-ingress"
_PAGE = "/productpage"
_SECONDS = 10.0


def show_traffic(place: Place, run: Run, head: Head) -> int:
    """Send the requests of the example and print what comes; the first exit code that is not 0 ends it."""
    with _client(place) as client:
        head("Step 4: does it answer? Ten requests of the ratings app in cluster1", _typed(_CALL))
        if code := run(_CALL):
            return code
        head("Step 5: without its copy in cluster1, who answers?")
        _scale(client, 0, head)
        head("", _typed(_CALL))
        if code := run(_CALL):
            return code
        head("And the copy comes back")
        _scale(client, 1, head)
        head("", _typed(_CALL))
        if code := run(_CALL):
            return code
        head("From outside the mesh: a Gateway, and a route to the global host", _typed(_ROUTE))
        return run(_ROUTE) or _ask(client, head)


@contextmanager
def _client(place: Place) -> Iterator[Client]:
    """A client of the first cluster."""
    from meshglobal.sandbox.runtime.client import clients

    first, *rest = clients(place.kubeconfig)
    try:
        yield first
    finally:
        for each in (first, *rest):
            each.close()


def _typed(command: tuple[str, ...]) -> str:
    return "meshglobal " + " ".join(command)


def _scale(client: Client, replicas: int, head: Head) -> None:
    """Do what kubectl would, which need not be installed, and wait until the endpoints have followed."""
    head("", f"kubectl scale deployment productpage-v1 -n bookinfo --context cluster1 --replicas={replicas}")
    client.send("PATCH", _DEPLOYMENT, {"spec": {"replicas": replicas}}, "application/merge-patch+json")
    sys.stdout.write("deployment.apps/productpage-v1 scaled\n\n")
    ends = time.monotonic() + _SECONDS
    while _ready(client) != replicas and time.monotonic() < ends:
        time.sleep(0.02)


def _ready(client: Client) -> int:
    endpoints = [each for one in client.get(_SLICES)["items"] for each in one.get("endpoints") or ()]
    return sum(each["conditions"].get("ready") is not False for each in endpoints)


def _ask(client: Client, head: Head) -> int:
    """Ask through the Gateway, from this machine, and print what curl would print of the answer's head."""
    from meshglobal.domain.labels import LISTENS_AT

    told = client.get(_GATEWAY)["metadata"]["annotations"][LISTENS_AT]
    address = told.partition("=")[2]
    head("", f"curl -s -o /dev/null -D - http://{address}{_PAGE}")
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    try:
        connection.request("GET", _PAGE)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.getheaders())]
    sys.stdout.write("\n".join(lines) + "\n")
    return ExitCode.OK if answer.status == http.client.OK else ExitCode.FINDINGS
