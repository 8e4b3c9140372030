"""YAML documents as Kubernetes objects: read, checked as far as a scenario needs it, freed of what a server had added.

A document is one object, a `List`, or a mapping with `clusters:`, whose objects stand in the named clusters only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.objects import JSON

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SERVER_OWNED = frozenset(
    {
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "managedFields",
        "selfLink",
    }
)


class ScenarioError(ValueError):
    """A scenario that cannot be used; the text says which part of it, and why."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The objects of a scenario's text: those for every cluster, and those for clusters by name."""

    everywhere: list[JSON] = field(default_factory=list)
    by_cluster: dict[str, list[JSON]] = field(default_factory=dict)


def read_documents(text: str, source: str) -> Documents:
    """Read YAML text; `source` names it in errors.

    Raises:
        ScenarioError: for text that is no YAML, or holds something that is no Kubernetes object.
    """
    found = Documents()
    for number, document in enumerate(_parsed(text, source), start=1):
        where = f"{source}: document {number}"
        if document is None:
            continue
        if isinstance(document, dict) and "clusters" in document and "kind" not in document:
            _read_clusters(document, found, where)
        else:
            found.everywhere.extend(_objects(document, where))
    return found


def _parsed(text: str, source: str) -> list[Any]:
    try:
        # The loader is the safe one, in C where libyaml is there.
        return list(yaml.load_all(text, Loader=_LOADER))
    except yaml.YAMLError as wrong:
        raise ScenarioError(f"{source}: not YAML: {wrong}") from wrong


def _read_clusters(document: JSON, found: Documents, where: str) -> None:
    named = document["clusters"]
    if set(document) != {"clusters"} or not isinstance(named, dict):
        raise ScenarioError(f"{where}: `clusters` must stand alone and map cluster names to lists of objects")
    for cluster, objects in named.items():
        if not isinstance(objects, list | type(None)):
            raise ScenarioError(f"{where}: clusters.{cluster} must be a list of objects")
        mine = found.by_cluster.setdefault(str(cluster), [])
        for index, each in enumerate(objects or ()):
            mine.extend(_objects(each, f"{where}: clusters.{cluster}[{index}]"))


def _objects(document: Any, where: str) -> Iterator[JSON]:
    """Yield the object of a document, or those of a List."""
    if not isinstance(document, dict):
        raise ScenarioError(f"{where}: expected a Kubernetes object, found {type(document).__name__}")
    if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        for index, item in enumerate(document["items"]):
            yield from _objects(item, f"{where}: items[{index}]")
        return
    yield _checked(document, where)


def _checked(obj: JSON, where: str) -> JSON:
    for key in ("apiVersion", "kind"):
        if not isinstance(obj.get(key), str):
            raise ScenarioError(f"{where}: {key} is missing")
    meta = obj.get("metadata")
    if not isinstance(meta, dict) or not isinstance(meta.get("name"), str):
        raise ScenarioError(f"{where}: {obj['kind']} without metadata.name")
    return _placeless(obj) | {"metadata": {key: value for key, value in meta.items() if key not in _SERVER_OWNED}}


def _placeless(obj: JSON) -> JSON:
    """Return a Pod without the node of the cluster that it was read from, which no embedded cluster has."""
    if obj["kind"] != "Pod" or not isinstance(obj.get("spec"), dict):
        return obj
    return obj | {"spec": {key: value for key, value in obj["spec"].items() if key != "nodeName"}}
