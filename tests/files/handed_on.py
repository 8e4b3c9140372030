"""A fleet handed on: collected, written as a bundle, and read again; and what the commands say about a fleet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from meshglobal.app.checking import check_clusters
from meshglobal.app.collecting import collect
from meshglobal.app.diagnosing import diagnose_service
from meshglobal.app.listing import describe_service, list_services
from meshglobal.app.picture import MeshSettings
from meshglobal.app.ports import Fleet
from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify
from meshglobal.domain import kinds
from meshglobal.domain.errors import MeshglobalError
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.strictness import Strictness
from meshglobal.domain.targets import Targets
from meshglobal.files.bundle_reading import bundle_at
from meshglobal.files.fleet import FileFleet
from meshglobal.files.handing_on import hand_on
from meshglobal.files.saved import Source

MESH = MeshSettings()


class FixedClock:
    """It is always the same time."""

    def monotonic(self) -> float:
        return 0.0

    def now(self) -> float:
        return 1_800_000_000.0


def handed_on(fleet: Fleet, path: Path, namespace: str | None = None, key: bytes | None = None) -> FileFleet:
    """The fleet of a bundle of another fleet; with a key a redacted one."""
    hand_on(collect(fleet, FixedClock(), MESH, namespace), path, "1", key=key)
    return fleet_in(bundle_at(path))


def fleet_in(*sources: Source) -> FileFleet:
    """All clusters of some sources."""
    return FileFleet(sources, [member.context for source in sources for member in source.members])


def said(fleet: Fleet, key: ServiceKey, namespace: str | None) -> Iterator[tuple[str, bytes]]:
    """The documents of all reading commands, or why one could not go on; of one namespace only what is about it."""
    here = Request(None, namespace)
    named = Request(Targets(kinds.SERVICE, (key.name,)), key.namespace)
    runs = {
        "verify": lambda: verify(fleet, FixedClock(), MESH, Verify(here)),
        "list": lambda: list_services(fleet, MESH, here),
        "describe": lambda: describe_service(fleet, MESH, named),
        "diagnose": lambda: diagnose_service(fleet, MESH, key, Strictness()),
        "check": lambda: check_clusters(fleet, MESH, Strictness()),
    }
    for name, run in runs.items():
        if name in ("describe", "diagnose") and namespace not in (None, key.namespace):
            continue
        try:
            yield name, msgspec.json.encode(run())
        except MeshglobalError as error:
            yield name, f"{type(error).__name__}: {error}".encode()
