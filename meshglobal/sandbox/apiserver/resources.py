"""Which kinds a cluster serves: read from data/resources.yaml, added to by CustomResourceDefinitions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from meshglobal.sandbox.apiserver.problems import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshglobal.sandbox.apiserver.objects import JSON

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
SUBRESOURCE_VERBS = ("get", "patch", "update")


@dataclass(frozen=True, slots=True)
class Subresource:
    """What can be asked of `.../NAME/SUBRESOURCE`; group and version are empty where they are the parent's."""

    name: str
    kind: str
    verbs: tuple[str, ...] = SUBRESOURCE_VERBS
    group: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind in one version of its group."""

    group: str
    version: str
    plural: str
    kind: str
    singular: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL_VERBS
    subresources: tuple[Subresource, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """Field selector -> what counts where the object has no such field."""
    is_custom: bool = False
    """Whether a real cluster knows this kind from a CustomResourceDefinition."""
    create_on_put: bool = False
    deprecation: str = ""
    """What a Warning header says to whoever asks for this kind."""
    returns_deleted: bool = False
    """Whether a DELETE of something that nothing holds back answers with the object."""
    has_generation: bool = False
    """Whether metadata.generation counts the changes of what is wanted."""
    storage_version: str = ""
    """The version that objects are kept in; other versions differ in apiVersion alone."""
    definition: JSON | None = None
    """The CustomResourceDefinition, for kinds that were added at run time."""
    list_kind: str = ""

    @property
    def key(self) -> str:
        """The storage key, the same for all versions: `services`, `deployments.apps`."""
        return qualified(self.plural, self.group)

    @property
    def group_version(self) -> str:
        """What objects have as apiVersion: `v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def list_name(self) -> str:
        """The kind of a list of these."""
        return self.list_kind or f"{self.kind}List"

    @property
    def type_prefix(self) -> bytes:
        """How an encoded object of this version begins; `store.Entry.typed` takes it."""
        return f'{{"kind":"{self.kind}","apiVersion":"{self.group_version}",'.encode()

    def subresource(self, name: str) -> Subresource | None:
        """Return a subresource by name."""
        return next((each for each in self.subresources if each.name == name), None)


class Catalogue:
    """The kinds of one cluster: the built-in ones and those of its CustomResourceDefinitions."""

    def __init__(self) -> None:
        self._resources: dict[tuple[str, str, str], Resource] = {}
        self._stored: dict[str, Resource] = {}
        for resource in _built_in().values():
            self.add(resource)
        self._empty: dict[str, tuple[str, ...]] = dict(_empty_versions())

    def find(self, group: str, version: str, plural: str) -> Resource | None:
        """Return the resource that a path names."""
        return self._resources.get((group, version, plural))

    def by_key(self, key: str) -> Resource:
        """Return the stored version of a resource by `services`, `deployments.apps`; KeyError where unknown."""
        return self._stored[key]

    def by_kind(self, group_version: str, kind: str) -> Resource | None:
        """Return the resource that an object's apiVersion and kind name."""
        return next((each for each in self if (each.group_version, each.kind) == (group_version, kind)), None)

    def __iter__(self) -> Iterator[Resource]:
        return iter(tuple(self._resources.values()))

    def groups(self) -> dict[str, list[str]]:
        """Return group -> its versions, the preferred one first."""
        found: dict[str, list[str]] = {}
        for resource in self:
            versions = found.setdefault(resource.group, [])
            if resource.version not in versions:
                versions.append(resource.version)
        for group, empty in self._empty.items():
            found[group].extend(empty)
        return found

    def of(self, group: str, version: str) -> list[Resource]:
        """Return the resources of a group version."""
        return [each for each in self if (each.group, each.version) == (group, version)]

    def add(self, resource: Resource) -> None:
        """Serve one kind more, or serve it differently."""
        self._resources[resource.group, resource.version, resource.plural] = resource
        if resource.version == resource.storage_version:
            self._stored[resource.key] = resource

    def remove(self, key: str) -> None:
        """Serve a kind no more, in any version."""
        self._stored.pop(key, None)
        for where, resource in tuple(self._resources.items()):
            if resource.key == key:
                del self._resources[where]


@cache
def _data() -> list[dict[str, Any]]:
    text = files("meshglobal.sandbox.apiserver").joinpath("data/resources.yaml").read_text("utf-8")
    loaded: list[dict[str, Any]] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
    return loaded


@cache
def _built_in() -> Mapping[tuple[str, str, str], Resource]:
    found = {}
    for group in _data():
        for version in group["versions"]:
            for row in group["resources"]:
                resource = _resource(group, version, row)
                found[resource.group, resource.version, resource.plural] = resource
    return found


@cache
def _empty_versions() -> Mapping[str, tuple[str, ...]]:
    return {group["group"]: tuple(group["empty"]) for group in _data() if "empty" in group}


def _resource(group: Mapping[str, Any], version: str, row: Mapping[str, Any]) -> Resource:
    resource = Resource(
        group=group["group"],
        version=version,
        plural=row["plural"],
        kind=row["kind"],
        singular=row.get("singular", row["kind"].lower()),
        namespaced=row.get("namespaced", True),
        short_names=tuple(row.get("short", ())),
        categories=tuple(row.get("categories", ())),
        verbs=tuple(row.get("verbs", ALL_VERBS)),
        fields=row.get("fields", {}),
        is_custom=group.get("origin") == "crd",
        deprecation=row.get("deprecation", ""),
        create_on_put=row.get("create_on_put", False),
        returns_deleted=row.get("returns_deleted", False),
        has_generation=row.get("has_generation", False) or group.get("origin") == "crd",
        storage_version=group["versions"][0],
    )
    parts = row.get("subresources", {}).items()
    return replace(resource, subresources=tuple(_subresource(name, row["kind"], spec) for name, spec in parts))


def _subresource(name: str, kind: str, spec: Mapping[str, Any]) -> Subresource:
    verbs = tuple(spec.get("verbs", SUBRESOURCE_VERBS))
    return Subresource(name, spec.get("kind", kind), verbs, spec.get("group", ""), spec.get("version", ""))
