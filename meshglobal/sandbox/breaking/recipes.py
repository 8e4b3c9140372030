"""How each cause is set up: read from data/*.yaml, one entry a code.

An entry says in `does` what is then so, and lists `steps`. `published` says which clusters publish the service
productpage of namespace bookinfo at the beginning (the others opt out), `clusters` how many there must be, `outside`
who mends the cause where no printed command can, `see` the command that shows it. A code that no sandbox can show has
`unmade` alone: why.

A step stands `in` one cluster or several, and does one thing::

    patch: PATH     with: a merge patch, or a list: a JSON patch
    status: PATH    with: the same, of the object's status
    remake: PATH    with: a merge patch that only a new object can take
    copy: PATH      with: a merge patch that gives the copy its name
    create: PATH of the collection    with: the object
    delete: PATH
    keep: PATH      nothing is changed; but what mends the cause may change it, and it is put back, too
    fault: a Fault of the API server
    hang: true      the control plane does nothing until istiod is restarted
    switch: QUESTION=ANSWER, for the whole mesh

In all texts `${here}` and the like stand for names and paths (`words_for`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

Where = Literal["here", "there", "others", "all"]
Published = Literal["all", "pair", "here", "none"]

_PLACES = {
    "namespace": "/api/v1/namespaces/bookinfo",
    "service": "/api/v1/namespaces/bookinfo/services/productpage",
    "deployments": "/apis/apps/v1/namespaces/bookinfo/deployments",
    "routes": "/apis/gateway.networking.k8s.io/v1/namespaces/bookinfo/httproutes",
    "networking": "/apis/networking.istio.io/v1/namespaces/bookinfo",
    "policies": "/apis/security.istio.io/v1/namespaces/bookinfo/authorizationpolicies",
    "istiod": "/apis/apps/v1/namespaces/istio-system/deployments/istiod",
    "daemonsets": "/apis/apps/v1/namespaces/istio-system/daemonsets",
    "mesh": "/api/v1/namespaces/istio-system",
    "entries": "/apis/networking.istio.io/v1/namespaces/istio-system/serviceentries",
    "peers": "/apis/networking.istio.io/v1/namespaces/istio-system/workloadentries",
    "segments": "/apis/admin.solo.io/v1alpha1/namespaces/istio-system/segments",
    "gateways": "/apis/gateway.networking.k8s.io/v1/namespaces/istio-eastwest/gateways",
}
SEE = "diagnose svc productpage -n bookinfo --all-contexts"


class Step(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"where": "in", "value": "with"}
):
    """One change; of the fields from `patch` on, one is set."""

    where: Where = "all"
    value: Any = None
    patch: str = ""
    status: str = ""
    remake: str = ""
    copy: str = ""
    create: str = ""
    delete: str = ""
    keep: str = ""
    fault: dict[str, Any] | None = None
    hang: bool = False
    switch: str = ""


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one cause is set up; `unmade` says why it cannot be."""

    does: str = ""
    published: Published = "all"
    clusters: int = 2
    outside: str = ""
    see: str = SEE
    steps: tuple[Step, ...] = ()
    unmade: str = ""


@cache
def recipes() -> dict[str, Recipe]:
    """Code -> recipe, by code."""
    found: dict[str, Recipe] = {}
    for file in files("meshglobal.sandbox.breaking").joinpath("data").iterdir():
        if file.name.endswith(".yaml"):
            found |= msgspec.yaml.decode(file.read_bytes(), type=dict[str, Recipe])
    return dict(sorted(found.items()))


def words_for(clusters: Sequence[str]) -> dict[str, str]:
    """What `${here}` and the like stand for in a mesh of these clusters; `there` is the second of them."""
    return {**_PLACES, "here": clusters[0], "there": clusters[min(1, len(clusters) - 1)]}


def clusters_of(where: Where, clusters: Sequence[str]) -> list[str]:
    """The clusters that a step is about."""
    words = words_for(clusters)
    match where:
        case "all":
            return list(clusters)
        case "others":
            return [each for each in clusters if each != words["here"]]
        case _:
            return [words[where]]
