"""A bundle says what the clusters said: for every case of the domain, and every command that reads."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from handed_on import MESH, fleet_in, handed_on, said
from memory_fleet import MemoryFleet
from mesh_cases import Case, cases, fleet_of

from meshglobal.app.collecting import collecting_demand
from meshglobal.app.selecting import Request, named
from meshglobal.domain import kinds
from meshglobal.domain.errors import CannotCheckError, MeshglobalError, UsageError
from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Meta, Namespace, Service
from meshglobal.domain.snapshot import Query
from meshglobal.files.bundle import INDEX
from meshglobal.files.bundle_reading import bundle_at
from meshglobal.files.folders import sources_of

CASES = list(cases())
KEY = ServiceKey("bookinfo", "productpage")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_every_command_says_the_same_of_a_bundle(case: Case, tmp_path: Path) -> None:
    namespace = case.body.get("namespace")
    live = fleet_of(case.body["clusters"])
    saved = handed_on(live, tmp_path / "bundle", namespace)
    assert dict(said(saved, case.service, namespace)) == dict(said(live, case.service, namespace))


def test_what_is_collected_covers_all_that_the_commands_ask() -> None:
    for namespace in (None, "bookinfo"):
        live = MemoryFleet({"one": ()})
        list(said(live, KEY, namespace))
        collected = collecting_demand(MESH, namespace).queries
        asked = {query for query in live.reads if not query.selector}
        assert len(asked) > 8
        for query in asked:
            assert any(one.covers(query.kind, query.namespace, query.name) for one in collected), query


def test_no_secret_and_no_config_map_but_one_is_asked_for() -> None:
    asked = collecting_demand(MESH, None).queries
    assert {query.kind.name for query in asked}.isdisjoint({"Secret"})
    config_maps = [query for query in asked if query.kind is kinds.CONFIG_MAP]
    assert [(query.namespace, query.name) for query in config_maps] == [("istio-system", "istio-ca-root-cert")]


def one_cluster(**more: object) -> MemoryFleet:
    service = Service(
        metadata=Meta(
            name="productpage",
            namespace="bookinfo",
            labels={"app": "web", "solo.io/service-scope": "global"},
            annotations={
                "kubectl.kubernetes.io/last-applied-configuration": '{"password": "hunter2"}',
                "acme.example/note": "call 555-1234",
                "proxy.istio.io/config": "{proxyMetadata: {TOKEN: hunter2}}",
                "networking.istio.io/traffic-distribution": "Any",
                "networking.istio.io/traffic-distributoin": "Any",
            },
        )
    )
    other = Service(metadata=Meta(name="other", namespace="shop", labels={"app": "other"}))
    spaces = [Namespace(metadata=Meta(name=name)) for name in ("bookinfo", "shop", "istio-system")]
    return MemoryFleet({"one": [service, other, *spaces]}, **more)  # type: ignore[arg-type] # as the fleet takes it


def test_annotations_that_mean_nothing_to_the_mesh_are_left_out(tmp_path: Path) -> None:
    handed_on(one_cluster(), tmp_path / "bundle")
    texts = b"".join(path.read_bytes() for path in (tmp_path / "bundle").rglob("*.json"))
    assert b"traffic-distribution" in texts
    assert b"traffic-distributoin" in texts
    assert b'"proxy.istio.io/config":"(left out)"' in texts
    assert not any(word in texts for word in (b"hunter2", b"last-applied", b"555-1234", b"acme"))


@pytest.mark.parametrize("name", ["bundle", "bundle.tar.gz"])
def test_only_the_owner_may_read_it(tmp_path: Path, name: str) -> None:
    handed_on(one_cluster(), tmp_path / name)
    for path in [tmp_path / name, *(tmp_path / name).rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["bundle", "bundle.tar.gz"])
def test_a_part_is_answered_from_the_whole(tmp_path: Path, name: str) -> None:
    fleet = handed_on(one_cluster(), tmp_path / name)
    queries = [Query(kinds.SERVICE, "shop"), Query(kinds.NAMESPACE, name="shop"), Query(kinds.SERVICE, selector="app")]
    (cluster,) = fleet.read(queries).clusters
    assert sorted(one.name for one in cluster.of(kinds.SERVICE, Service)) == ["other", "productpage"]
    assert [one.name for one in cluster.of(kinds.NAMESPACE, Namespace)] == ["shop"]
    assert (cluster.gaps, cluster.has_read(kinds.SERVICE, "shop"), cluster.uid) == ((), True, "uid-one")


def test_an_archive_may_be_called_anything(tmp_path: Path) -> None:
    handed_on(one_cluster(), tmp_path / "bundle.tgz")
    (tmp_path / "bundle.tgz").rename(tmp_path / "from-support")
    (source,) = sources_of([str(tmp_path / "from-support")])
    assert [member.context for member in source.members] == ["one"]


def test_selectors_are_worked_out_and_refused_as_by_a_server(tmp_path: Path) -> None:
    fleet = handed_on(one_cluster(), tmp_path / "bundle")
    assert named(fleet, kinds.SERVICE, Request(None, None, "app in (web, x)")) == ("productpage",)
    with pytest.raises(UsageError, match="label selector 'a=b=c': cannot be understood at 'a=b=c'"):
        named(fleet, kinds.SERVICE, Request(None, None, "a=b=c"))


def test_what_was_not_collected_is_unknown_and_not_missing(tmp_path: Path) -> None:
    fleet = handed_on(one_cluster(), tmp_path / "bundle", "bookinfo")
    assert [member.namespace for member in fleet.members] == ["bookinfo"]
    (cluster,) = fleet.read([Query(kinds.SERVICE, "shop"), Query(kinds.SERVICE, "bookinfo")]).clusters
    assert not cluster.has_read(kinds.SERVICE, "shop")
    assert cluster.has_read(kinds.SERVICE, "bookinfo")
    why = cluster.why_unread(kinds.SERVICE, "shop")
    assert why == "the bundle holds no services, but of bookinfo"
    assert cluster.gaps[0].failure.cause is Cause.NOT_IN_FILES


def test_the_contexts_of_one_cluster_stay_together(tmp_path: Path) -> None:
    live = MemoryFleet({"one": (), "two": (), "again": ()}, uids={"one": "1", "again": "1"})
    fleet = handed_on(live, tmp_path / "bundle")
    assert fleet.read([Query(kinds.SERVICE)]) == live.read([Query(kinds.SERVICE)])
    assert [member.context for member in fleet.members] == ["one", "two", "again"]


def test_an_unreachable_cluster_stays_so(tmp_path: Path) -> None:
    why = failure(Cause.DNS, "no such host", "one")
    fleet = handed_on(one_cluster(unreachable={"one": why}), tmp_path / "bundle")
    (cluster,) = fleet.read([Query(kinds.SERVICE)]).clusters
    assert not cluster.is_reached
    assert cluster.gaps[0].failure == why


# -- damaged and hostile bundles ---------------------------------------------------------------------------------


def damage_index(path: Path) -> None:
    (path / INDEX).write_bytes(b'{"kind": "Bundle", "clusters": [{"context": 5}]}')


def remove_a_file(path: Path) -> None:
    (path / "clusters/0001/services.json").unlink()


def damage_a_file(path: Path) -> None:
    (path / "clusters/0001/services.json").write_bytes(b'[{"spec": {"ports": [{"port": "x"}]}}]')


def make_newer(path: Path) -> None:
    (path / INDEX).write_bytes(b'{"kind": "Bundle", "format": 99}')


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (damage_index, "bundle.json cannot be read: Expected `str`, got `int` - at `$.clusters[0].context`"),
        (remove_a_file, "clusters/0001/services.json is missing from the bundle"),
        (damage_a_file, r"services.json cannot be read: Expected `int`, got `str` - at `$[0].spec.ports[0].port`"),
        (make_newer, "the bundle has format 99; this program knows 1"),
    ],
    ids=["index", "missing", "file", "newer"],
)
def test_a_damaged_bundle_is_refused(tmp_path: Path, harm: Callable[[Path], None], says: str) -> None:
    handed_on(one_cluster(), tmp_path / "bundle")
    harm(tmp_path / "bundle")
    with pytest.raises(CannotCheckError) as told:
        fleet_in(bundle_at(tmp_path / "bundle")).read([Query(kinds.SERVICE)])
    assert says in str(told.value)


def test_an_archive_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar.gz"
    handed_on(one_cluster(), path)
    whole = path.read_bytes()
    expected = fleet_in(bundle_at(path)).read([Query(kinds.SERVICE)])
    refused = 0
    for length in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        try:
            assert fleet_in(bundle_at(path)).read([Query(kinds.SERVICE)]) == expected
        except MeshglobalError as error:
            assert "bundle.tar.gz" in str(error)  # noqa: PT017 - whether it is refused hangs on the length
            refused += 1
    assert refused > 30


def test_what_else_an_archive_holds_is_neither_followed_nor_unpacked(tmp_path: Path) -> None:
    handed_on(one_cluster(), tmp_path / "bundle")
    path = tmp_path / "hostile.tar.gz"
    link = tarfile.TarInfo("clusters/0001/services.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    outside = tarfile.TarInfo("../outside")
    outside.size = 3
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(link)
        archive.addfile(outside, BytesIO(b"bad"))
        for file in sorted((tmp_path / "bundle").rglob("*.json")):
            archive.add(file, file.relative_to(tmp_path / "bundle").as_posix())
    before = sorted(tmp_path.rglob("*"))
    (cluster,) = fleet_in(bundle_at(path)).read([Query(kinds.SERVICE)]).clusters
    assert len(cluster.of(kinds.SERVICE, Service)) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent / "outside").exists()


def test_kinds_of_a_newer_version_are_passed_over(tmp_path: Path) -> None:
    handed_on(one_cluster(), tmp_path / "bundle")
    index = msgspec.json.decode((tmp_path / "bundle" / INDEX).read_bytes())
    index["clusters"][0]["readings"].append({"kind": "widget.example.com"})
    index["clusters"][0]["objects"]["widget.example.com"] = 7
    (tmp_path / "bundle" / INDEX).write_bytes(msgspec.json.encode(index))
    (cluster,) = fleet_in(bundle_at(tmp_path / "bundle")).read([Query(kinds.SERVICE)]).clusters
    assert cluster.has_read(kinds.SERVICE)
