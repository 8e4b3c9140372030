"""How much stands in each cluster of a running sandbox, asked of its API servers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from meshglobal.sandbox.runtime.client import Client, clients
from meshglobal.sandbox.runtime.errors import SandboxError

_AT_A_TIME = 16
COUNTED = {
    "namespaces": "/api/v1/namespaces",
    "services": "/api/v1/services",
    "pods": "/api/v1/pods",
    "entries": "/apis/networking.istio.io/v1/serviceentries",
}
"""Word -> the list that is counted."""

Counts = dict[str, int | None]
"""Word -> how many; None where the API server did not tell."""


def census(kubeconfig: Path) -> dict[str, Counts]:
    """Context -> its counts."""
    found = clients(kubeconfig)
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        return dict(zip((each.name for each in found), threads.map(_counts, found), strict=True))


def _counts(client: Client) -> Counts:
    with closing(client):
        return {word: _count(client, path) for word, path in COUNTED.items()}


def _count(client: Client, path: str) -> int | None:
    try:
        return client.count(path)
    except SandboxError:
        return None  # a fault of the sandbox, or it is just ending: not known, which is shown as such
