"""Set a cause up in a running sandbox."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import Any

from meshglobal.domain.labels import SERVICE_SCOPE
from meshglobal.sandbox.breaking.journal import Journal, Kept, journal_of, write_journal
from meshglobal.sandbox.breaking.recipes import Published, Recipe, Step, clusters_of, recipes, words_for
from meshglobal.sandbox.runtime.client import Client, clients
from meshglobal.sandbox.runtime.errors import AskedWrongError, SandboxError
from meshglobal.sandbox.runtime.place import DEFAULT_NAME, Place
from meshglobal.sandbox.scenarios.loading import filled

_MERGE, _JSON = "application/merge-patch+json", "application/json-patch+json"
_FAULT = "break"
_TRIES = 5
_OF_SERVER = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")


def break_sandbox(place: Place, code: str) -> tuple[Recipe, str]:
    """Set the cause of a finding up, and wait until controllers and control planes have followed.

    Returns the recipe and a sentence that says what is so now.

    Raises:
        AskedWrongError: for a code that no sandbox shows, too few clusters, another scenario, or where something is
            broken already.
        SandboxError: where a cluster refuses; what was done until then can be undone.
    """
    recipe = _recipe(code)
    if (before := journal_of(place)) is not None:
        raise AskedWrongError(
            f"{before.code} is set up already", f"take it back first: meshglobal sandbox break --undo{named(place)}"
        )
    with ExitStack() as stack:
        found = {each.name: stack.enter_context(closing(each)) for each in clients(place.kubeconfig)}
        names = list(found)
        if len(names) < recipe.clusters:
            raise AskedWrongError(
                f"{code} needs {recipe.clusters} clusters, and this sandbox has {len(names)}",
                f"start another: meshglobal sandbox up --clusters {recipe.clusters} --name OTHER --detach",
            )
        words = words_for(names)
        if any(client.find(words["service"]) is None for client in found.values()):
            raise AskedWrongError(
                "this sandbox has no service productpage in namespace bookinfo in each cluster",
                "causes are set up in the scenario bookinfo: meshglobal sandbox up --scenario bookinfo --detach",
            )
        Breaker(place, code, found).follow(recipe)
    return recipe, filled(recipe.does, words)


def _recipe(code: str) -> Recipe:
    found = recipes().get(code)
    if found is None:
        raise AskedWrongError(f"no sandbox shows {code}", "what can be shown: meshglobal sandbox break --list")
    if found.unmade:
        raise AskedWrongError(f"no sandbox shows {code}: {found.unmade}", f"what it is: meshglobal explain {code}")
    return found


class Breaker:
    """Carries steps out, and keeps what it changes."""

    def __init__(self, place: Place, code: str, found: dict[str, Client]) -> None:
        self._place = place
        self._clients = found
        self._names = list(found)
        self._words = words_for(self._names)
        self._journal = Journal(code)

    def follow(self, recipe: Recipe) -> None:
        """Publish, then do what the recipe lists."""
        write_journal(self._place, self._journal)
        self._publish(recipe.published)
        settle(self._clients)
        for step in recipe.steps:
            for name in clusters_of(step.where, self._names):
                self._do(self._clients[name], step)
        settle(self._clients)

    def _publish(self, published: Published) -> None:
        count = {"all": len(self._names), "pair": 2, "here": 1, "none": 0}[published]
        for number, name in enumerate(self._names):
            scope = "global" if number < count else "cluster"
            self._patch(self._clients[name], self._words["service"], {"metadata": {"labels": {SERVICE_SCOPE: scope}}})

    def _do(self, client: Client, step: Step) -> None:
        step_value = filled(step.value, self._words)
        match step:
            case Step(patch=path) if path:
                self._patch(client, self._path(path), step_value)
            case Step(status=path) if path:
                self._patch(client, self._path(path), step_value, "/status")
            case Step(remake=path) if path:
                self._remake(client, self._path(path), step_value)
            case Step(copy=path) if path:
                self._copy(client, self._path(path), step_value)
            case Step(create=path) if path:
                self._create(client, self._path(path), step_value)
            case Step(delete=path) if path:
                self._delete(client, self._path(path))
            case Step(keep=path) if path:
                self._keep(client, self._path(path))
            case _:
                _control(client, step)

    def _path(self, text: str) -> str:
        return str(filled(text, self._words))

    def _keep(self, client: Client, path: str) -> dict[str, Any] | None:
        """Note an object as it is now, if it is the first time; then give it back."""
        now = client.find(path)
        if not self._journal.keeps(client.name, path):
            self._journal.kept.append(Kept(client.name, path, now))
            write_journal(self._place, self._journal)
        return now

    def _patch(self, client: Client, path: str, change: Any, below: str = "") -> None:
        self._keep(client, path)
        client.send("PATCH", f"{path}{below}", change, _JSON if isinstance(change, list) else _MERGE)

    def _delete(self, client: Client, path: str) -> None:
        if self._keep(client, path) is not None:
            client.send("DELETE", path)

    def _remake(self, client: Client, path: str, change: dict[str, Any]) -> None:
        before = self._keep(client, path)
        if before is None:
            raise SandboxError(f"{client.name} has no {path}", "is it as the scenario made it?")
        client.send("DELETE", path)
        client.send("POST", path.rpartition("/")[0], merged(created(before), change))

    def _copy(self, client: Client, path: str, change: dict[str, Any]) -> None:
        before = client.find(path)
        if before is None:
            raise SandboxError(f"{client.name} has no {path}", "is it as the scenario made it?")
        self._create(client, path.rpartition("/")[0], merged(created(before), change))

    def _create(self, client: Client, path: str, obj: dict[str, Any]) -> None:
        self._keep(client, f"{path}/{obj['metadata']['name']}")
        client.send("POST", path, obj)


def _control(client: Client, step: Step) -> None:
    if step.fault is not None:
        client.send("PUT", f"/sandbox/faults/{_FAULT}", step.fault)
    elif step.hang:
        client.send("PUT", "/sandbox/hang", {})
    else:
        client.send("PUT", "/sandbox/switches", {"settings": [step.switch]})


def named(place: Place) -> str:
    """How a command is told which sandbox: the default one needs no word."""
    return "" if place.name == DEFAULT_NAME else f" --name {place.name}"


def settle(found: dict[str, Client]) -> None:
    """Wait until controllers and control planes have nothing left to do."""
    next(iter(found.values())).send("POST", "/sandbox/settle")


def end_troubles(found: dict[str, Client]) -> None:
    """End what `break` began beside objects: faults, control planes that hang, other answers."""
    for client in found.values():
        client.send("DELETE", f"/sandbox/faults/{_FAULT}")
        client.send("DELETE", "/sandbox/hang")
    next(iter(found.values())).send("DELETE", "/sandbox/switches")


def created(obj: dict[str, Any]) -> dict[str, Any]:
    """An object as it can be created anew: without what the server adds."""
    metadata = {key: value for key, value in obj["metadata"].items() if key not in _OF_SERVER}
    return {key: value for key, value in obj.items() if key != "status"} | {"metadata": metadata}


def merged(obj: Any, change: Any) -> Any:
    """A document with a merge patch applied (RFC 7386)."""
    if not isinstance(change, dict):
        return change
    base = obj if isinstance(obj, dict) else {}
    found = {key: value for key, value in base.items() if key not in change}
    return found | {key: merged(base.get(key), value) for key, value in change.items() if value is not None}
