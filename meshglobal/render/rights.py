"""Rights as manifests that `kubectl apply` takes: roles, and bindings where somebody is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from meshglobal.domain.rights import Rights, Rule
from meshglobal.domain.subject import Subject

_GROUP = "rbac.authorization.k8s.io"
_LINE = 120


def manifests(rights: Rights, name: str, subjects: Sequence[Subject]) -> list[dict[str, Any]]:
    """A ClusterRole for what is cluster-wide, a Role in each other namespace; after them their bindings."""
    roles = [_role(place, name, rules) for place, rules in rights.items()]
    return [*roles, *(_binding(role, subjects) for role in roles if subjects)]


def as_yaml(documents: Iterable[dict[str, Any]], title: str) -> str:
    """The manifests as YAML, one document each, under a line that says what they are for."""
    return f"# {title}\n" + as_yaml_documents(documents)


def as_yaml_documents(documents: Iterable[dict[str, Any]]) -> str:
    """Manifests as YAML, one document each."""
    import yaml

    texts = [
        yaml.safe_dump(one, sort_keys=False, allow_unicode=True, width=_LINE, default_flow_style=None)
        for one in documents
    ]
    return "---\n".join(texts)


def as_json(documents: Iterable[dict[str, Any]]) -> str:
    """The manifests as one JSON List."""
    return (
        json.dumps({"apiVersion": "v1", "kind": "List", "items": list(documents)}, indent=2, ensure_ascii=False) + "\n"
    )


def _role(place: str | None, name: str, rules: Iterable[Rule]) -> dict[str, Any]:
    return {
        "apiVersion": f"{_GROUP}/v1",
        "kind": "ClusterRole" if place is None else "Role",
        "metadata": _named(name, place),
        "rules": [dict(_rule(rule)) for rule in rules],
    }


def _rule(rule: Rule) -> Iterator[tuple[str, list[str]]]:
    yield "apiGroups", [rule.group]
    yield "resources", list(rule.resources)
    if rule.names:
        yield "resourceNames", list(rule.names)
    yield "verbs", [verb.value for verb in rule.verbs]


def _binding(role: dict[str, Any], subjects: Iterable[Subject]) -> dict[str, Any]:
    kind, metadata = role["kind"], role["metadata"]
    return {
        "apiVersion": f"{_GROUP}/v1",
        "kind": f"{kind}Binding",
        "metadata": dict(metadata),
        "roleRef": {"apiGroup": _GROUP, "kind": kind, "name": metadata["name"]},
        "subjects": [_subject(subject) for subject in subjects],
    }


def _subject(subject: Subject) -> dict[str, str]:
    if subject.namespace is not None:
        return {"kind": subject.kind} | _named(subject.name, subject.namespace)
    return {"apiGroup": _GROUP, "kind": subject.kind, "name": subject.name}


def _named(name: str, namespace: str | None) -> dict[str, str]:
    return {"name": name} | ({"namespace": namespace} if namespace is not None else {})
