"""A redacted bundle is judged as the real one is, and names nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from handed_on import MESH, FixedClock, handed_on, said
from mesh_cases import Case, cases, fleet_of

from meshglobal.app.collecting import collect
from meshglobal.domain import kinds
from meshglobal.domain.names import ServiceKey, generated_for, is_dns_label, is_dns_name, split_host
from meshglobal.domain.objects import Service, ServiceEntry
from meshglobal.domain.snapshot import Query
from meshglobal.files.handing_on import fresh_key
from meshglobal.files.pseudonyms import WELL_KNOWN, Pseudonyms
from meshglobal.files.redaction import redacted

# That names look alike cannot be seen any more.
ALIKE = frozenset({"a host that is one slip away from the only one like it, and one turned round"})
ALL = list(cases())
CASES = [
    case
    for case in ALL
    if case.title not in ALIKE and "MG131" not in {one["code"] for one in case.body.get("findings") or ()}
]
PAIR = next(case for case in ALL if case.title == "two clusters publish, entries and peers stand in both")
KEY = b"k" * 32


def outcome(document: bytes) -> Any:
    """What a document says but for names: the states in each cluster, the findings by code, the exit code."""
    if not document.startswith(b"{"):
        return document.partition(b":")[0]
    body = json.loads(document)
    places = {one["context"]: number for number, one in enumerate(body["clusters"])}
    verdicts = [one for one in body.get("hosts", ()) if isinstance(one, dict)]
    hosts = [*verdicts, *(cell for one in body.get("services", ()) for cell in one["cells"])]
    links = [
        (places[chain["context"]], link["name"], link["outcome"], link["code"])
        for chain in body.get("chains", ())
        for link in chain["links"]
    ]
    return (
        body["exitCode"],
        Counter((places[one["context"]], one["state"], tuple(one.get("deviations", ()))) for one in hosts),
        Counter((one["code"], one["level"], places.get(one["context"])) for one in body["findings"]),
        links,
        [(places[one["context"]], places[one["peer"]], one["state"]) for one in body.get("peering", ())],
        body["summary"],
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_every_command_comes_to_the_same(case: Case, tmp_path: Path) -> None:
    namespace = case.body.get("namespace")
    live = fleet_of(case.body["clusters"])
    names = redacted(collect(live, FixedClock(), MESH, namespace), KEY).names
    saved = handed_on(live, tmp_path / "bundle", namespace, KEY)
    assert [one.context for one in saved.members] == [names.text(one.context) for one in live.members]
    key = ServiceKey(*map(names.text, case.service))
    before = said(live, case.service, namespace)
    after = said(saved, key, None if namespace is None else names.text(namespace))
    for (command, real), (_, other) in zip(before, after, strict=True):
        assert outcome(other) == outcome(real), command


def test_no_name_is_left(tmp_path: Path) -> None:
    """Every word of every case that somebody chose is gone from its redacted bundle."""
    chosen = re.compile(r"productpage|bookinfo|reviews|ratings|acme|10\.\d+\.\d+\.\d+")
    seen = 0
    for number, case in enumerate(ALL):
        path = tmp_path / str(number)
        handed_on(fleet_of(case.body["clusters"]), path, key=KEY)
        for file in path.rglob("*.json"):
            text = file.read_text()
            seen += len(text)
            # The keys of the mesh stay as they are written, misspelt ones as well.
            assert not chosen.findall(text), (case.title, file.name, chosen.findall(text))
    assert seen > 100_000


def test_entries_and_hosts_are_still_made_of_the_names(tmp_path: Path) -> None:
    fleet = handed_on(fleet_of(PAIR.body["clusters"]), tmp_path / "bundle", key=KEY)
    (first, _) = fleet.read([Query(kinds.SERVICE), Query(kinds.SERVICE_ENTRY)]).clusters
    (service,) = first.of(kinds.SERVICE, Service)
    (entry,) = first.of(kinds.SERVICE_ENTRY, ServiceEntry)
    assert generated_for(entry.name) == (service.namespace, service.name)
    host = split_host(entry.hosts[0])
    assert host is not None
    assert (host.key, host.domain) == ((service.namespace, service.name), "mesh.internal")
    assert is_dns_label(service.name)
    assert is_dns_name(entry.name)
    assert entry.namespace == "istio-system"


def test_the_same_name_is_another_in_each_bundle(tmp_path: Path) -> None:
    found = [
        handed_on(fleet_of(PAIR.body["clusters"]), tmp_path / name, key=fresh_key()).members[0].context
        for name in ("one", "two")
    ]
    assert found[0] != found[1]


def test_names_end_in_clusters_as_before() -> None:
    names = Pseudonyms(KEY, ["east", "far-east"])
    assert names.text("istio-remote-peer-far-east") == f"istio-remote-peer-{names.text('far-east')}"
    assert names.text("gateway-east").endswith(f"-{names.text('east')}")
    assert names.text("far-east") != f"{names.text('far')}-{names.text('east')}"
    assert names.text("east") != names.text("far-east")
    names = Pseudonyms(KEY, ["arn:aws:eks:x", "south.prod"])
    assert names.text("gateway-south.prod").endswith(f"-{names.text('south.prod')}")


def test_hosts_are_the_same_in_any_letter_case_and_clusters_are_not() -> None:
    names = Pseudonyms(KEY, ["East", "east"])
    assert names.text("Web.Shop.mesh.internal") == names.text("web.shop.mesh.internal")
    assert names.text("East") != names.text("east")


def test_long_names_stay_names() -> None:
    names = Pseudonyms(KEY, ["c" * 63])
    for text in ("a" * 63, "-".join("abcdefghijklmnopqrstuvwxyz"), f"{'a' * 30}-{'c' * 63}"):
        assert is_dns_label(names.text(text)), text


def test_addresses_are_addresses_and_each_its_own() -> None:
    names = Pseudonyms(KEY)
    found = {names.text(f"10.0.{third}.{last}") for third in range(20) for last in range(50)}
    assert len(found) == 1000
    assert all(one.count(":") == 7 for one in found)
    assert "10.1.2.3" not in names.text("https://10.1.2.3:6443/path")
    assert names.text("https://10.1.2.3:6443").endswith(":6443")


def test_what_every_mesh_has_stays() -> None:
    names = Pseudonyms(KEY, ["c1"], ["mesh-system"])
    for text in (*WELL_KNOWN, "mesh-system", "*.mesh.internal", "", "8080"):
        assert names.text(text) == text
