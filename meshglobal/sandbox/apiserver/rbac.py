"""Who may do what: rules of data/rbac.yaml, of the cluster's own role bindings, and those granted at run time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from meshglobal.sandbox.apiserver.objects import JSON
    from meshglobal.sandbox.apiserver.store import Store

ALL_POWER = "system:masters"
_RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who asks."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do to a resource; an empty namespace is the cluster scope, or all namespaces."""

    verb: str
    group: str
    resource: str
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def full_resource(self) -> str:
        """The resource as rules name it: `pods`, `pods/log`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


@dataclass(slots=True)
class Authorizer:
    """Answers whether a user may do something, from rules in the order: built in, bound in the cluster, granted."""

    store: Store
    _granted: list[tuple[str, str, JSON]] = field(default_factory=list)

    def grant(self, user: str, rules: Iterable[JSON], namespace: str = "") -> None:
        """Give a user rules (apiGroups, resources, resourceNames, verbs, ...), in one namespace or everywhere."""
        self._granted.extend((user, namespace, rule) for rule in rules)

    def allows(self, user: User, wish: Wish) -> bool:
        """Say whether the user may do this to a resource."""
        if ALL_POWER in user.groups:
            return True
        return any(_covers(rule, wish) for rule in self.rules_of(user, wish.namespace))

    def allows_path(self, user: User, verb: str, path: str) -> bool:
        """Say whether the user may ask for a path that is no resource."""
        if ALL_POWER in user.groups:
            return True
        return any(_covers_path(rule, verb, path) for rule in self.rules_of(user, ""))

    def rules_of(self, user: User, namespace: str) -> Iterator[JSON]:
        """Yield the rules that hold for a user in a namespace (empty: everywhere)."""
        if ALL_POWER in user.groups:
            yield from built_in_roles()["cluster-admin"]
        for binding in _data()["bindings"]:
            if user.name in binding.get("users", ()) or set(user.groups) & set(binding.get("groups", ())):
                yield from built_in_roles()[binding["role"]]
        yield from self._bound(user, namespace)
        for name, where, rule in self._granted:
            if name == user.name and where in ("", namespace):
                yield rule

    def _bound(self, user: User, namespace: str) -> Iterator[JSON]:
        bindings = self.store.all(f"clusterrolebindings.{_RBAC}")
        if namespace:
            bindings += self.store.all(f"rolebindings.{_RBAC}", namespace)
        for entry in bindings:
            if any(_is_meant(subject, user) for subject in entry.obj.get("subjects") or ()):
                yield from self._role(entry.obj.get("roleRef") or {}, namespace)

    def _role(self, ref: Mapping[str, str], namespace: str) -> Sequence[JSON]:
        name = ref.get("name", "")
        if ref.get("kind") == "Role":
            entry = self.store.get(f"roles.{_RBAC}", (namespace, name))
        else:
            entry = self.store.get(f"clusterroles.{_RBAC}", ("", name))
        if entry is not None:
            return entry.obj.get("rules") or ()
        return built_in_roles().get(name, ()) if ref.get("kind") == "ClusterRole" else ()


def _is_meant(subject: JSON, user: User) -> bool:
    match subject.get("kind"):
        case "User":
            return bool(subject.get("name") == user.name)
        case "Group":
            return subject.get("name") in user.groups
        case "ServiceAccount":
            return user.name == f"system:serviceaccount:{subject.get('namespace')}:{subject.get('name')}"
    return False


def _has(values: Sequence[str] | None, wanted: str) -> bool:
    return values is not None and ("*" in values or wanted in values)


def _covers(rule: JSON, wish: Wish) -> bool:
    resources = rule.get("resources")
    is_named = _has(resources, wish.full_resource) or (
        bool(wish.subresource) and f"*/{wish.subresource}" in (resources or ())
    )
    names = rule.get("resourceNames")
    return (
        is_named
        and _has(rule.get("verbs"), wish.verb)
        and _has(rule.get("apiGroups"), wish.group)
        and (not names or wish.name in names)
    )


def _covers_path(rule: JSON, verb: str, path: str) -> bool:
    if not _has(rule.get("verbs"), verb):
        return False
    urls: Sequence[str] = rule.get("nonResourceURLs") or ()
    return any(url == path or (url.endswith("*") and path.startswith(url[:-1])) for url in urls)


@cache
def _data() -> Mapping[str, Any]:
    text = files("meshglobal.sandbox.apiserver").joinpath("data/rbac.yaml").read_text("utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def built_in_roles() -> Mapping[str, Sequence[JSON]]:
    """Return the roles of data/rbac.yaml: name -> rules."""
    roles: Mapping[str, Sequence[JSON]] = _data()["roles"]
    return roles


def built_in_users() -> list[User]:
    """Return the users that every cluster of the sandbox knows."""
    return [User(name, tuple(spec["groups"])) for name, spec in _data()["users"].items()]
