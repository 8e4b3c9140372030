"""Which application a pod runs: by a part of its image's name, or by its label `app`."""

from __future__ import annotations

from typing import Final, NamedTuple

from meshglobal.sandbox.dataplane.observed import Pod
from meshglobal.sandbox.dataplane.workloads.app import App
from meshglobal.sandbox.dataplane.workloads.bookinfo import (
    details,
    productpage,
    ratings,
    reviews_v1,
    reviews_v2,
    reviews_v3,
)
from meshglobal.sandbox.dataplane.workloads.httpbin import echo, httpbin


class Workload(NamedTuple):
    """An application, and the ports of the pod that it listens at; None: any."""

    app: App
    ports: frozenset[int] | None


_BOOKINFO_PORT, _HTTPBIN_PORT, _CLIENT_PORT = frozenset({9080}), frozenset({8080}), frozenset({80})
_BY_IMAGE: Final[tuple[tuple[str, Workload | None], ...]] = (
    ("examples-bookinfo-productpage", Workload(productpage, _BOOKINFO_PORT)),
    ("examples-bookinfo-details", Workload(details, _BOOKINFO_PORT)),
    ("examples-bookinfo-reviews-v1", Workload(reviews_v1, _BOOKINFO_PORT)),
    ("examples-bookinfo-reviews-v2", Workload(reviews_v2, _BOOKINFO_PORT)),
    ("examples-bookinfo-reviews-v3", Workload(reviews_v3, _BOOKINFO_PORT)),
    ("examples-bookinfo-ratings", Workload(ratings, _BOOKINFO_PORT)),
    ("go-httpbin", Workload(httpbin, _HTTPBIN_PORT)),
    ("/pilot:", None),
    ("curlimages/curl", None),
)
"""The first that fits counts; None: nothing that listens."""
_BY_APP: Final = {"client-in-ambient": Workload(httpbin, _CLIENT_PORT)}


def workload_of(pod: Pod) -> Workload | None:
    """The application of a pod; None for one that runs nothing that listens.

    A pod of an unknown image gets a server that shows requests, at the ports that its containers declare, or, where
    they declare none, at any.
    """
    marked = _BY_APP.get(pod.labels.get("app", ""))
    if marked is not None:
        return marked
    for image in pod.images:
        for part, workload in _BY_IMAGE:
            if part in image:
                return workload
    return Workload(echo, frozenset(pod.ports) or None)
