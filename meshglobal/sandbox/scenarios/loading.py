"""Scenarios by name or file, made out for a list of clusters. Pure but for reading the text.

Every cluster gets the objects of a healthy mesh member (data/mesh.yaml), a remote gateway for each peer
(data/peer.yaml), and the scenario's own. In our own texts `${cluster}` and the like stand for the cluster's values.
"""

from __future__ import annotations

import ipaddress
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from meshglobal.domain.names import is_dns_label
from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.scenarios import bulk
from meshglobal.sandbox.scenarios.documents import Documents, ScenarioError, read_documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Scenario = dict[str, list[JSON]]
"""Cluster name -> its objects, in the order in which they can be created."""

BUILT_IN = ("bookinfo", "httpbin", "httpbin-segments", "empty")
_EXTENDS = {"httpbin-segments": "httpbin"}
"""A scenario, and the one whose objects it has as well."""
_FIRST_ADDRESS = ipaddress.IPv4Address("198.18.0.10")  # of a range for tests (RFC 2544): nobody's address


def load_scenario(name_or_path: str, clusters: Sequence[str]) -> Scenario:
    """Return the objects of a scenario for each cluster.

    Args:
        name_or_path: one of BUILT_IN, `bulk:N`, or the path of a YAML file. A file's objects stand in every cluster,
            those under a top-level `clusters:` map in the named ones; namespaces that it only mentions are added.
        clusters: the clusters' names; each is a DNS label, for it is a network's and an object's name too.

    Raises:
        ScenarioError: for an unknown scenario, a file that cannot be used, or names that cannot be.
    """
    _check_names(clusters)
    documents = _documents(name_or_path, clusters)
    unknown = sorted(set(documents.by_cluster) - set(clusters))
    if unknown:
        named = ", ".join(clusters)
        raise ScenarioError(f"{name_or_path}: no cluster is called {', '.join(unknown)} (there are: {named})")
    own = {cluster: documents.everywhere + documents.by_cluster.get(cluster, []) for cluster in clusters}
    base = {cluster: mesh_member(cluster, clusters) for cluster in clusters}
    return {cluster: in_order(_united(base[cluster], own[cluster])) for cluster in clusters}


def mesh_member(cluster: str, clusters: Sequence[str]) -> list[JSON]:
    """Return what makes `cluster` a member of the mesh of `clusters`, peered with all the others."""
    addresses = {name: str(_FIRST_ADDRESS + index) for index, name in enumerate(clusters)}
    values = {"cluster": cluster, "address": addresses[cluster]}
    found = [filled(each, values) for each in _built_in("mesh").everywhere]
    for peer in clusters:
        if peer != cluster:
            values = {"peer": peer, "peer_address": addresses[peer]}
            found += [filled(each, values) for each in _built_in("peer").everywhere]
    return found


def in_order(objects: Sequence[JSON]) -> list[JSON]:
    """Return objects so that each can be created: definitions, namespaces, the rest; missing namespaces are added."""
    declared = {name_of(each) for each in objects if each["kind"] == "Namespace"}
    mentioned = dict.fromkeys(namespace_of(each) for each in objects if namespace_of(each))
    added = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        for name in mentioned
        if name not in declared
    ]
    ranks = {"CustomResourceDefinition": 0, "Namespace": 1}
    return sorted([*added, *objects], key=lambda each: ranks.get(each["kind"], 2))


def _united(base: Sequence[JSON], own: Sequence[JSON]) -> list[JSON]:
    """Return all objects; where a scenario names one of the mesh's, or one twice, the later one counts."""
    found = {(each["apiVersion"], each["kind"], namespace_of(each), name_of(each)): each for each in (*base, *own)}
    return list(found.values())


def is_built_in(name_or_path: str) -> bool:
    """Whether this names a scenario of ours; otherwise it is a file's path."""
    return name_or_path in BUILT_IN or name_or_path.startswith(bulk.PREFIX)


def _documents(name_or_path: str, clusters: Sequence[str]) -> Documents:
    if name_or_path.startswith(bulk.PREFIX):
        return bulk.bulk(name_or_path, clusters)
    if name_or_path in BUILT_IN:
        return _built_in(name_or_path)
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        known = ", ".join((*BUILT_IN, f"{bulk.PREFIX}N"))
        raise ScenarioError(f"{name_or_path}: neither a scenario ({known}) nor a file") from missing
    except (OSError, UnicodeDecodeError) as wrong:
        raise ScenarioError(f"{name_or_path}: cannot be read: {wrong}") from wrong
    return read_documents(text, name_or_path)


@cache
def _built_in(name: str) -> Documents:
    text = files("meshglobal.sandbox.scenarios").joinpath(f"data/{name}.yaml").read_text("utf-8")
    found = read_documents(text, name)
    base = _built_in(_EXTENDS[name]).everywhere if name in _EXTENDS else []
    return Documents([*base, *found.everywhere], found.by_cluster)


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return a decoded document with `${name}` replaced in all its strings; KeyError for a name that has no value."""
    match value:
        case str():
            return Template(value).substitute(values)
        case list():
            return [filled(each, values) for each in value]
        case dict():
            return {key: filled(each, values) for key, each in value.items()}
        case _:
            return value


def _check_names(clusters: Sequence[str]) -> None:
    wrong = [each for each in clusters if not is_dns_label(each)]
    if wrong:
        raise ScenarioError(f"not a cluster's name (small letters, digits and dashes): {', '.join(wrong)}")
    if len(set(clusters)) != len(clusters):
        raise ScenarioError(f"a cluster is named twice: {', '.join(clusters)}")
