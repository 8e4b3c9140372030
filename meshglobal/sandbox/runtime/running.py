"""What runs under a name: read from its state file, believed only while that very process is alive."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from meshglobal.sandbox.runtime.errors import NotRunningError
from meshglobal.sandbox.runtime.place import Place, all_places
from meshglobal.sandbox.runtime.process import Process
from meshglobal.sandbox.runtime.shape import Shape


class ServedCluster(msgspec.Struct, frozen=True):
    """One cluster: the name of its context, and where it listens."""

    name: str
    url: str


class Running(msgspec.Struct, frozen=True):
    """A sandbox that is ready. The state file is this as JSON; it holds no secrets."""

    name: str
    process: Process
    shape: Shape
    clusters: tuple[ServedCluster, ...]
    since: str
    """RFC 3339, UTC."""
    envoys: int = 0
    """How many run; 0: there is no traffic."""
    no_traffic: str = ""
    """Why there is no traffic though it was asked for."""


def note(place: Place, running: Running) -> None:
    """Write the state file."""
    place.write(place.state, msgspec.json.encode(running))


def find(place: Place) -> Running | None:
    """The sandbox that runs here, or None. What a killed one left is cleared up on the way."""
    try:
        found = msgspec.json.decode(place.state.read_bytes(), type=Running)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        found = None  # of another version, or damaged: there is no process to be sure of
    if found is not None and found.process.is_alive:
        return found
    clear(place)
    return None


def clear(place: Place) -> None:
    """Remove what is left here, unless a process is just starting or ending."""
    if not place.folder.is_dir():
        return
    with place.locked() as is_ours:
        if is_ours:
            place.remove()


def get(place: Place, environ: Mapping[str, str]) -> Running:
    """The sandbox that runs here; raises NotRunningError, which names those that run elsewhere."""
    found = find(place)
    if found is None:
        others = ", ".join(f"`--name {each.name}`" for each in all_places(environ) if find(each))
        hint = f"others run: {others}" if others else f"start it: {_up(place.name)}"
        raise NotRunningError(f"no sandbox {place.name} is running", hint)
    return found


def _up(name: str) -> str:
    return "meshglobal sandbox up --detach" + ("" if name == "default" else f" --name {name}")
