"""Case files: a mesh as ordinary Kubernetes YAML, and the verdicts, remarks and blast radius that must come of it.

Objects stand under YAML anchors, in ``objects`` of a file or for all files in ``case_objects.yaml``. ``cases`` is a
list of:

``case``: what it shows. ``rules``: which rules. ``clusters``: context -> its objects, or a mapping with ``objects``
and what is wrong with the cluster: ``unreachable: true``, ``forbidden: [KIND]``, ``absent: [KIND]`` (no CRD),
``unfinished: [KIND]`` (its list breaks off), ``same_as: CONTEXT`` (one cluster); ``circumstances``: what was noticed
there (`Circumstances`, as JSON). ``namespace``: read only this one, as with ``-n``. ``fleet: true``: as `check` asks,
about the clusters themselves. ``visibility``: ``segment`` for the other reading of R10. ``calls``: what came of ten
calls each to the service: ``in``, ``failed`` (kind -> how many), ``enrolled`` (whether the caller is in the mesh).
``drills``: what came of drills of the service (`DrillSeen`, with ``in`` for the cluster).

``verdicts``: exactly these, each with ``in`` (context) and ``is`` (state); ``of`` (service, by default the case's
``service``, else ``bookinfo/productpage``); ``host`` and ``found`` as they must be (``found`` is ``[host]`` where it is
not given and an entry with the right host must be there); ``why``: a piece of the reason, which is empty without it.
``notes``: exactly these, each with ``rule``, ``in`` and ``says``, for the services published or named in verdicts.
``findings``: exactly these of all checks, each with ``code``, ``says`` and, where it is about one cluster, ``in``,
given the verdicts, for the services published or named. ``reads``: kinds that are read beside what verdicts need.
``expose`` / ``unexpose``: a change, and ``blast``: what it would lead to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml
from memory_fleet import MemoryFleet

from meshglobal.app.picture import MeshSettings, Picture, mesh_queries, picture_of
from meshglobal.domain.call import CallSeen
from meshglobal.domain.circumstances import Circumstances
from meshglobal.domain.drill_seen import DrillSeen
from meshglobal.domain.expectation import Visibility
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Object
from meshglobal.domain.waivers import Waiver

KIND_OF: dict[str, Kind] = {kind.name: kind for kind in KINDS}
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case of a file."""

    file: str
    title: str
    rules: tuple[str, ...]
    body: dict[str, Any] = field(repr=False)

    @property
    def expired(self) -> list[Waiver]:
        """Waivers whose last day is over."""
        return [msgspec.convert(body, Waiver) for body in self.body.get("expired", ())]

    @property
    def is_fleet(self) -> bool:
        """Whether the clusters themselves are asked about, as by `check`."""
        return bool(self.body.get("fleet"))

    @property
    def calls(self) -> list[CallSeen]:
        """What came of calls to the case's service."""
        return [_call_of(self.service, row) for row in self.body.get("calls", ())]

    @property
    def drills(self) -> list[DrillSeen]:
        """What came of drills of the case's service."""
        return [_drill_of(self.service, dict(row)) for row in self.body.get("drills", ())]

    @property
    def service(self) -> ServiceKey:
        return key_of(self.body.get("service", "bookinfo/productpage"))


def cases() -> Iterator[Case]:
    """All cases of all files."""
    shared = (HERE / "case_objects.yaml").read_text(encoding="utf-8")
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for body in yaml.safe_load(shared + path.read_text(encoding="utf-8"))["cases"]:
            yield Case(path.stem, body["case"], tuple(body["rules"]), body)


def key_of(text: str) -> ServiceKey:
    """``namespace/name``."""
    namespace, _, name = text.partition("/")
    return ServiceKey(namespace, name)


def _call_of(key: ServiceKey, row: dict[str, Any]) -> CallSeen:
    failed = tuple((kind, count, f"curl says {kind}") for kind, count in row["failed"].items())
    return CallSeen(
        row["in"],
        key.namespace,
        key.name,
        f"{key.name}.{key.namespace}.mesh.internal",
        9080,
        caller=(key.namespace, "ratings-1"),
        is_enrolled=row.get("enrolled"),
        count=10,
        failed=failed,
    )


def _drill_of(key: ServiceKey, row: dict[str, Any]) -> DrillSeen:
    place = {"context": row.pop("in"), "namespace": key.namespace, "service": key.name}
    return msgspec.convert(place | row, DrillSeen)


def record_of(body: dict[str, Any]) -> Object:
    """An object as it would be decoded from a server's answer."""
    return msgspec.json.decode(json.dumps(body), type=KIND_OF[body["kind"]].record)


def fleet_of(clusters: dict[str, Any]) -> MemoryFleet:
    """The clusters of a case."""
    full = {context: body if isinstance(body, dict) else {"objects": body} for context, body in clusters.items()}
    fleet = MemoryFleet(
        {context: [record_of(found) for found in body.get("objects") or []] for context, body in full.items()},
        unreachable={
            context: failure(Cause.REFUSED, "connection refused", context)
            for context, body in full.items()
            if body.get("unreachable")
        },
        forbidden={context: [KIND_OF[name] for name in body.get("forbidden", ())] for context, body in full.items()},
        absent={context: [KIND_OF[name] for name in body.get("absent", ())] for context, body in full.items()},
        uids={context: f"uid-{body.get('same_as', context)}" for context, body in full.items()},
    )
    for context, body in full.items():
        fleet.unfinished[context] = {KIND_OF[name] for name in body.get("unfinished", ())}
        fleet.circumstances[context] = msgspec.convert(body.get("circumstances", {}), Circumstances)
    return fleet


def picture_for(case: Case) -> Picture:
    """The mesh of a case as the commands read it."""
    mesh = MeshSettings(visibility=Visibility(case.body.get("visibility", "mesh")))
    more = [KIND_OF[name] for name in case.body.get("reads", ())]
    queries = mesh_queries(mesh, case.body.get("namespace"), more)
    return picture_of(fleet_of(case.body["clusters"]).read(queries), mesh)
