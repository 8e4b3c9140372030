"""What a cluster holds, kept current by its events: by resource and namespace, and by the uid of the owner."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver.objects import JSON, name_of, namespace_of
from meshglobal.sandbox.controllers.ownership import controller_of, owners_of, uid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from meshglobal.sandbox.apiserver.local import LocalClient


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one object: what it was (None: new) and what it is (None: gone)."""

    resource: str
    before: JSON | None
    after: JSON | None

    @property
    def obj(self) -> JSON:
        """The object as it is, or as it was last."""
        found = self.after if self.after is not None else self.before
        if found is None:
            raise ValueError("an event without an object")
        return found


class Picture:
    """A view of one cluster that costs no search: reads come from dictionaries that events keep current."""

    def __init__(self, client: LocalClient, tell: Callable[[Event], None]) -> None:
        self._client = client
        self._tell = tell
        self._followed: set[str] = set()
        self._objects: dict[str, dict[str, dict[str, JSON]]] = defaultdict(lambda: defaultdict(dict))
        self._loose: dict[tuple[str, str], dict[str, JSON]] = defaultdict(dict)
        self._owned: dict[str, dict[tuple[str, str, str], None]] = defaultdict(dict)
        self._uids: dict[str, int] = defaultdict(int)
        self._stops: list[Callable[[], None]] = []

    def follow(self, resources: Iterable[str]) -> None:
        """Follow resources; those that are followed already are left as they are."""
        for resource in resources:
            if resource not in self._followed:
                self._followed.add(resource)
                self._stops.append(self._client.subscribe(resource, self._listener(resource)))

    def stop(self) -> None:
        """Follow nothing any more."""
        while self._stops:
            self._stops.pop()()

    def get(self, resource: str, namespace: str, name: str) -> JSON | None:
        """Return an object; the namespace is empty for what lives in none."""
        return self._objects[resource].get(namespace, {}).get(name)

    def within(self, resource: str, namespace: str) -> list[JSON]:
        """Return the objects of a resource in one namespace, in the order in which they came."""
        return list(self._objects[resource].get(namespace, {}).values())

    def contents(self, namespace: str) -> dict[str, list[JSON]]:
        """Return all that is followed and lives in a namespace: resource -> objects, those without any left out."""
        found = {resource: self.within(resource, namespace) for resource in self._followed}
        return {resource: objects for resource, objects in found.items() if objects}

    def everything(self, resource: str) -> list[JSON]:
        """Return the objects of a resource in all namespaces."""
        return [each for namespace in self._objects[resource].values() for each in namespace.values()]

    def dependents(self, uid: str) -> list[tuple[str, JSON]]:
        """Return (resource, object) of all that names this uid in its ownerReferences."""
        found = ((where[0], self.get(*where)) for where in self._owned.get(uid, ()))
        return [(resource, obj) for resource, obj in found if obj is not None]

    def candidates(self, resource: str, owner: JSON) -> list[JSON]:
        """Return the objects of a resource that name `owner` as theirs, and those of its namespace nobody controls."""
        named = [obj for kind, obj in self.dependents(uid_of(owner)) if kind == resource]
        seen = {id(each) for each in named}
        loose = self._loose.get((resource, namespace_of(owner)), {}).values()
        return named + [each for each in loose if id(each) not in seen]

    def has_uid(self, uid: str) -> bool:
        """Whether an object of this uid exists."""
        return uid in self._uids

    def _listener(self, resource: str) -> Callable[[str, JSON], None]:
        def take(kind: str, obj: JSON) -> None:
            where = (resource, namespace_of(obj), name_of(obj))
            before = self.get(*where)
            self._forget(where, before)
            if kind != "DELETED":
                self._remember(where, obj)
            self._tell(Event(resource, before, obj if kind != "DELETED" else None))

        return take

    def _remember(self, where: tuple[str, str, str], obj: JSON) -> None:
        self._objects[where[0]][where[1]][where[2]] = obj
        self._uids[uid_of(obj)] += 1
        if controller_of(obj) is None:
            self._loose[where[0], where[1]][where[2]] = obj
        for owner in owners_of(obj):
            self._owned[owner["uid"]][where] = None

    def _forget(self, where: tuple[str, str, str], obj: JSON | None) -> None:
        if obj is None:
            return
        del self._objects[where[0]][where[1]][where[2]]
        self._loose[where[0], where[1]].pop(where[2], None)
        self._uids[uid_of(obj)] -= 1
        if not self._uids[uid_of(obj)]:
            del self._uids[uid_of(obj)]
        for owner in owners_of(obj):
            named = self._owned[owner["uid"]]
            named.pop(where, None)
            if not named:
                del self._owned[owner["uid"]]
