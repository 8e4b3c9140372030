"""What holds for every check on all meshes of the case files: what it reads, that order is nothing, what it claims."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from mesh_cases import Case, cases, fleet_of
from noted_mesh import NOTES, noted_mesh

from meshglobal.app.picture import MeshSettings, Picture, mesh_queries, picture_of
from meshglobal.checks.catalogue import Listed, catalogue
from meshglobal.domain import kinds
from meshglobal.domain.expectation import Visibility
from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.kinds import KINDS, Kind
from meshglobal.domain.names import ServiceKey

CASES = list(cases())
# Of contexts that lead to one cluster the first gives it its name: then the order does matter.
ONE_CONTEXT_EACH = [case for case in CASES if not any("same_as" in body for body in case.body["clusters"].values())]
Clusters = dict[str, dict[str, Any]]
# What these say was seen: an entry, or its port, is not there, and entries were read. That it should be there is what
# Services tell; where those were not read, the remedy only looks further.
LOOKS_FURTHER = {"MG410", "MG412", "MG420", "MG430", "MG432", "MG433", "MG434"}
# That a name does not resolve was seen, too; only a peer that is connected through it can take that back.
SEEN_FROM_HERE = {"MG315"}
OF_SERVICES, OF_PEERS = {kinds.SERVICE, kinds.NAMESPACE}, {kinds.GATEWAY, kinds.NAMESPACE}


def title(case: Case) -> str:
    return f"{case.file}: {case.title}"


def clusters_of(case: Case) -> Clusters:
    bodies = case.body["clusters"].items()
    return {context: dict(body) if isinstance(body, dict) else {"objects": body} for context, body in bodies}


def picture_with(case: Case, clusters: Clusters) -> Picture:
    """The mesh of a case, every kind read."""
    mesh = MeshSettings(visibility=Visibility(case.body.get("visibility", "mesh")))
    return picture_of(fleet_of(clusters).read(mesh_queries(mesh, case.body.get("namespace"), KINDS)), mesh)


def keys_of(picture: Picture) -> list[ServiceKey]:
    return sorted({*picture.concerned_keys(), *picture.service_keys()})


def found_in(case: Case, clusters: Clusters, keys: list[ServiceKey] | None = None) -> list[Finding]:
    picture = picture_with(case, clusters)
    some = keys_of(picture) if keys is None else keys
    seen = {"is_fleet": case.is_fleet, "calls": case.calls, "drills": case.drills}
    return picture.findings(picture.verdicts(), some, case.expired, **seen)


@cache
def kinds_read() -> dict[str, set[Kind]]:
    """By code, what its check looks at in all cases together."""
    found: dict[str, set[Kind]] = {}
    for case in CASES:
        picture = picture_with(case, clusters_of(case))
        verdicts = picture.verdicts()
        for listed in catalogue():
            mesh = noted_mesh(picture, verdicts, keys_of(picture), case)
            list(listed.check.find(mesh))
            found.setdefault(listed.check.code, set()).update(NOTES.kinds)
    return found


@pytest.mark.parametrize("listed", catalogue(), ids=lambda listed: listed.check.code)
def test_it_reads_the_kinds_that_it_declares_and_no_others(listed: Listed) -> None:
    read = {kind.name for kind in kinds_read()[listed.check.code]}
    if listed.area == "access":  # it looks at readings that failed, whatever they were of
        assert read == set()
    else:
        assert read == {kind.name for kind in (*listed.check.needs, *listed.check.uses)}


@pytest.mark.parametrize("case", CASES, ids=title)
def test_no_message_ends_with_the_rule_that_stands_beside_it(case: Case) -> None:
    twice = [one.message for one in found_in(case, clusters_of(case)) if one.message.endswith(f"({one.rule})")]
    assert twice == []


def in_any_order(found: list[Finding]) -> list[object]:
    """Findings without the order in which clusters are listed in them."""

    def words(text: str) -> list[str]:
        return sorted(re.findall(r"[^\s,;]+", text))

    return sorted((words(msgspec.json.encode(one).decode().replace('"', " ")) for one in found), key=repr)


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))  # the case's title says more than a smaller shuffle
@given(st.sampled_from(ONE_CONTEXT_EACH), st.randoms(use_true_random=False))
def test_the_order_of_clusters_and_objects_changes_no_finding(case: Case, chance: random.Random) -> None:
    clusters = clusters_of(case)
    shuffled = {
        context: clusters[context] | {"objects": chance.sample(objects, len(objects))}
        for context in chance.sample(list(clusters), len(clusters))
        for objects in [clusters[context].get("objects") or []]
    }
    assert in_any_order(found_in(case, shuffled)) == in_any_order(found_in(case, clusters))


class Loss(NamedTuple):
    """A kind that may not be read in some clusters."""

    kind: Kind
    contexts: tuple[str, ...]


def losses(clusters: Clusters) -> list[Loss]:
    """Each kind in one place: in one of the clusters or in all; where there are such objects, in each place."""
    places = [*((context,) for context in clusters), tuple(clusters)]
    there = {one["kind"] for body in clusters.values() for one in body.get("objects") or ()}
    return [
        Loss(kind, place)
        for row, kind in enumerate(KINDS)
        for place in (places if kind.name in there else [places[row % len(places)]])
    ]


def without(clusters: Clusters, loss: Loss) -> Clusters:
    return {
        context: body | {"forbidden": [*body.get("forbidden", ()), loss.kind.name]}
        if context in loss.contexts
        else body
        for context, body in clusters.items()
    }


def about(finding: Finding) -> tuple[str | None, ...]:
    return finding.code, finding.context, finding.namespace, finding.service


def is_allowed(finding: Finding, loss: Loss) -> bool:
    """Whether it may be said though it was not said before the loss."""
    if finding.level is Level.UNKNOWN:
        return True
    if finding.code in LOOKS_FURTHER and loss.kind in OF_SERVICES:
        return finding.remedy == "" or finding.remedy.startswith("meshglobal diagnose ")
    return finding.code in SEEN_FROM_HERE and loss.kind in OF_PEERS


@pytest.mark.parametrize("case", CASES, ids=title)
def test_less_to_read_never_makes_more_of_what_is_wrong(case: Case) -> None:
    clusters = clusters_of(case)
    keys = keys_of(picture_with(case, clusters))
    before = {about(one) for one in found_in(case, clusters, keys)}
    for loss in losses(clusters):
        found = found_in(case, without(clusters, loss), keys)
        more = [one for one in found if about(one) not in before and not is_allowed(one, loss)]
        assert not more, (loss, more)
