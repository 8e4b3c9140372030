"""Kubeconfig files, each read and parsed once, merged as kubectl does. They are never written to.

`--kubeconfig` beats the list in `KUBECONFIG`, which beats ``~/.kube/config``; without any of them the credentials of
the pod we run in are used. In a list the first file that names a cluster, user or context wins, files that do not
exist are skipped, and a relative path is relative to the file that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.kube.in_cluster import in_cluster_config

_SECTIONS = {"contexts": "context", "clusters": "cluster", "users": "user"}
# The keys that hold a path, by section.
_PATHS = {"clusters": ("certificate-authority",), "users": ("client-certificate", "client-key", "tokenFile")}


@dataclass(frozen=True, slots=True)
class Entry:
    """A named cluster, user or context; ``place`` is ``file:line``."""

    name: str
    body: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """All files merged. Bodies are as the files have them, with absolute paths."""

    contexts: dict[str, Entry] = field(default_factory=dict)
    clusters: dict[str, Entry] = field(default_factory=dict)
    users: dict[str, Entry] = field(default_factory=dict)
    current: str | None = None

    def section(self, name: str) -> dict[str, Entry]:
        """``contexts``, ``clusters`` or ``users``."""
        return {"contexts": self.contexts, "clusters": self.clusters, "users": self.users}[name]

    def server_of(self, context: str) -> str:
        """The server's URL without user information; empty when the context names no known cluster."""
        entry = self.contexts.get(context)
        cluster = self.clusters.get(str(entry.body.get("cluster", ""))) if entry else None
        return without_user(str(cluster.body.get("server", ""))) if cluster else ""


def without_user(url: str) -> str:
    """A URL without user name and password."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return scheme + separator + authority.rpartition("@")[2] + slash + path


def load(explicit: str | None, environment: Mapping[str, str]) -> Kubeconfig:
    """Read the kubeconfig that the flag (``explicit``), ``KUBECONFIG`` or the default names.

    Raises:
        UsageError: the file that the flag names does not exist.
        CannotCheckError: there is no kubeconfig and no pod's account, or a file is not a kubeconfig.
    """
    paths = [path for path in _candidates(explicit, environment) if path.exists()]
    if not paths:
        if explicit:
            raise UsageError(f"kubeconfig {explicit} does not exist")
        return _in_cluster(environment)
    merged = Kubeconfig()
    for path in paths:
        merged = _merge(merged, path)
    return merged


def _candidates(explicit: str | None, environment: Mapping[str, str]) -> list[Path]:
    home = Path(environment.get("HOME") or Path.home())
    names = [explicit] if explicit else environment.get("KUBECONFIG", "").split(os.pathsep)
    expanded = [home / name[2:] if name.startswith("~/") else Path(name) for name in names if name]
    return list(dict.fromkeys(expanded)) or [home / ".kube" / "config"]


def _in_cluster(environment: Mapping[str, str]) -> Kubeconfig:
    found = in_cluster_config(environment)
    if found is None:
        raise CannotCheckError(
            "there is no kubeconfig",
            hint="name one with --kubeconfig or KUBECONFIG, or try without clusters: meshglobal sandbox demo",
        )
    sections = {
        section: {entry["name"]: Entry(entry["name"], entry[singular], "in-cluster") for entry in found[section]}
        for section, singular in _SECTIONS.items()
    }
    return Kubeconfig(**sections, current=found["current-context"])


def _merge(merged: Kubeconfig, path: Path) -> Kubeconfig:
    document, lines = _parse(path)
    sections = {}
    for section in _SECTIONS:
        entries = {entry.name: entry for entry in reversed(list(_entries(section, document, lines, path)))}
        sections[section] = merged.section(section) | {
            name: entries[name] for name in reversed(entries) if name not in merged.section(section)
        }
    return Kubeconfig(**sections, current=merged.current or str(document.get("current-context") or "") or None)


def _parse(path: Path) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The document, and per section the line on which each of its entries begins."""
    import yaml

    try:
        loader = yaml.CSafeLoader(path.read_bytes())
        node = loader.get_single_node()
        document = loader.construct_document(node) if node is not None else {}
    except OSError as error:
        raise CannotCheckError(f"kubeconfig {path} cannot be read: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CannotCheckError(f"{path}:{line}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CannotCheckError(f"{path}:1: not a text file in YAML") from error
    if not isinstance(document, dict):
        raise CannotCheckError(f"{path}:1: not a kubeconfig: a mapping with contexts, clusters and users is expected")
    return document, dict(_lines(node))


def _lines(node: Any) -> Iterator[tuple[str, list[int]]]:
    for key, value in node.value if node is not None else ():
        below = value.value if isinstance(value.value, list) else []
        starts = [item.start_mark.line + 1 for item in below if hasattr(item, "start_mark")]
        yield key.value, [value.start_mark.line + 1, *starts]


def _entries(section: str, document: Mapping[str, Any], lines: Mapping[str, list[int]], path: Path) -> Iterator[Entry]:
    found = document.get(section) or []
    start, *starts = lines.get(section, [1])
    if not isinstance(found, list):
        raise CannotCheckError(f"{path}:{start}: {section} must be a list")
    singular = _SECTIONS[section]
    for item, line in zip(found, starts, strict=True):
        if not isinstance(item, dict) or not item.get("name"):
            raise CannotCheckError(f"{path}:{line}: every entry of {section} needs a name")
        body = item.get(singular) or {}
        if not isinstance(body, dict):
            raise CannotCheckError(f"{path}:{line}: {singular} of {item['name']} must be a mapping")
        yield Entry(
            str(item["name"]),
            _with_absolute_paths(section, body, path.parent.absolute(), f"{path}:{line}"),
            f"{path}:{line}",
        )


def _with_absolute_paths(section: str, body: dict[str, Any], base: Path, place: str) -> dict[str, Any]:
    for key in _PATHS.get(section, ()):
        if not isinstance(body.get(key) or "", str):
            raise CannotCheckError(f"{place}: {key} must be a path")
    changed: dict[str, Any] = {key: str(base / body[key]) for key in _PATHS.get(section, ()) if body.get(key)}
    plugin = body.get("exec")
    # As kubectl: a command with a slash is a path beside the kubeconfig, one without is looked up in PATH.
    if section == "users" and isinstance(plugin, dict) and os.sep in str(plugin.get("command", "")):
        changed["exec"] = plugin | {"command": os.path.normpath(base / plugin["command"])}
    return body | changed
