"""The schemas that are always there, read from the data files when they are first needed."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from meshglobal.sandbox.apiserver.notation import WORDS, LazyFields, parse
from meshglobal.sandbox.apiserver.schema import Schema
from meshglobal.sandbox.apiserver.structural import from_open_api

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.resources import Resource

DATA = resources.files("meshglobal.sandbox.apiserver") / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIXES = {
    "meta": "io.k8s.apimachinery.pkg.apis.meta.v1.",
    "apiextensions": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.",
}
METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


def read_yaml(name: str) -> Any:
    """A small data file of the API server."""
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - one of the two safe loaders


def full_name(name: str) -> str:
    """The definition that a data file means: ``core.Pod`` is ``io.k8s.api.core.v1.Pod``."""
    group, _, kind = name.partition(".")
    return _PREFIXES.get(group, f"io.k8s.api.{group}.v1.") + kind


@cache
def core() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Kinds (``group/version Kind`` -> definition) and definitions of Kubernetes itself, overlay included."""
    content = msgspec.json.decode((DATA / "core.json").read_bytes())
    definitions = content["definitions"]
    for name, changes in read_yaml("core.yaml").items():
        fields = definitions[full_name(name)]["fields"]
        for field, change in changes.items():
            node = fields[field]
            fields[field] = (node if isinstance(node, dict) else {"type": node}) | change
    return content["kinds"], definitions


@cache
def definition(name: str) -> Schema:
    """The schema of a shared definition, with its name as `reference`."""
    return replace(parse(core()[1][name], definition), reference=name)


@cache
def custom() -> dict[str, dict[str, Any]]:
    """``group/version Kind`` -> the node of each custom kind of the mesh."""
    found = {}
    for path in sorted((DATA / "custom").iterdir(), key=lambda path: path.name):
        content = read_yaml(f"custom/{path.name}")
        shared = content.get("definitions", {})
        for kind, node in content["kinds"].items():
            for version in node["versions"]:
                found[f"{node['group']}/{version} {kind}"] = {**node, "definitions": shared}
    return found


@cache
def root(group_version: str, kind: str) -> Schema:
    """The schema of a kind; KeyError if there is none."""
    key = f"{group_version} {kind}"
    names, _ = core()
    if key in names:
        return definition(names[key])
    return custom_root(custom()[key])


def custom_root(node: dict[str, Any]) -> Schema:
    """A custom kind's schema: its own fields beside apiVersion, kind and metadata."""
    shared = node["definitions"]

    def resolve(name: str) -> Schema:
        return parse(shared[name], resolve) if name in shared else definition(name)

    fields = {"apiVersion": "string", "kind": "string", "metadata": f"#{METADATA}", **node["fields"]}
    return Schema(
        "object",
        fields=LazyFields(fields, lambda inner: parse(inner, resolve)),
        required=tuple(node.get("required", ())),
    )


def schema_of(resource: Resource) -> Schema:
    """The schema of a resource: a kind that is always there, or one made by a CustomResourceDefinition."""
    if resource.definition is None:
        key = f"{resource.group_version} {resource.kind}"
        if resource.is_custom and key not in custom():
            return _open_root()
        return root(resource.group_version, resource.kind)
    return _of_definition(json.dumps(_stated(resource), sort_keys=True))


@cache
def _open_root() -> Schema:
    """For custom kinds that are served and not described: spec and status may hold anything."""
    return custom_root({"definitions": {}, "fields": {"spec": "any", "status": "any"}})


def _stated(resource: Resource) -> dict[str, Any]:
    versions = (resource.definition or {})["spec"]["versions"]
    stated = next(version for version in versions if version["name"] == resource.version)
    found: dict[str, Any] = (stated.get("schema") or {}).get("openAPIV3Schema") or {}
    return found


@lru_cache(maxsize=128)
def _of_definition(text: str) -> Schema:
    found = from_open_api(json.loads(text))
    fields = {"apiVersion": WORDS["string"], "kind": WORDS["string"], "metadata": definition(METADATA)}
    return replace(found, type="object", fields={**found.fields, **fields})
