"""Manifests as clusters: what is declared is known, what servers add is unknown, and mistakes are found by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_on import MESH, FixedClock, fleet_in
from label_selector import matches

from meshglobal.app.selecting import Request
from meshglobal.app.verify import Verify, verify
from meshglobal.domain import kinds
from meshglobal.domain.errors import CannotCheckError, UsageError
from meshglobal.domain.failure import Cause
from meshglobal.domain.finding import Finding
from meshglobal.domain.objects import Service
from meshglobal.domain.report import Report
from meshglobal.domain.snapshot import ClusterSnapshot, Query
from meshglobal.files.fleet import FileFleet
from meshglobal.files.folders import sources_of
from meshglobal.files.label_selector import requirements_of

GLOBAL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {solo.io/service-scope: global}}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
"""
PLAIN = GLOBAL.replace("labels: {solo.io/service-scope: global}", "labels: {}")
ENTRY = """\
apiVersion: networking.istio.io/v1beta1
kind: ServiceEntry
metadata: {name: autogen.shop.web, namespace: istio-system}
spec: {hosts: [web.shop.mesh.internal], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}]}
"""


def write(root: Path, **files: str) -> Path:
    """Files by their paths, with ``__`` for a slash."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def fleet(*paths: Path) -> FileFleet:
    return fleet_in(*sources_of([str(path) for path in paths]))


def verified(found: FileFleet) -> Report:
    return verify(found, FixedClock(), MESH, Verify(Request(None, None)))


def one(found: FileFleet, *queries: Query) -> ClusterSnapshot:
    (cluster,) = found.read(queries).clusters
    return cluster


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


# -- what is known -----------------------------------------------------------------------------------------------


def test_a_folder_of_folders_is_a_cluster_each(tmp_path: Path) -> None:
    write(tmp_path, c2__app=PLAIN, c1__deep__er__app=GLOBAL, docs__readme="just: text")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".git", config=GLOBAL)
    assert [member.context for member in fleet(tmp_path).members] == ["c1", "c2", "docs"]


def test_a_folder_with_files_is_one_cluster_with_all_below_it(tmp_path: Path) -> None:
    root = write(tmp_path / "east", app=GLOBAL, more__other=PLAIN.replace("web", "other"))
    cluster = one(fleet(root), Query(kinds.SERVICE))
    assert (cluster.context, len(cluster.of(kinds.SERVICE, Service))) == ("east", 2)


def test_generated_entries_that_files_do_not_hold_are_unknown_while_exposure_is_judged(tmp_path: Path) -> None:
    report = verified(fleet(write(tmp_path, c1__app=GLOBAL, c2__app=PLAIN)))
    assert {(host.context, host.state) for host in report.hosts} == {("c1", "Unknown"), ("c2", "Unknown")}
    assert all("the files hold no generated entries" in host.reason for host in report.hosts)
    assert codes(report.findings) == ["MG101", "MG607", "MG607"]
    assert {gone.failure.cause for cluster in report.clusters for gone in cluster.unread} == {Cause.NOT_IN_FILES}
    assert report.exit_code == 3


def test_generated_entries_that_are_there_count_as_read(tmp_path: Path) -> None:
    report = verified(fleet(write(tmp_path, c1__app=GLOBAL, c1__entry=ENTRY, c2__app=GLOBAL)))
    assert {host.context: host.state for host in report.hosts} == {"c1": "Unknown", "c2": "Unknown"}
    assert "peers have joined is unknown" in next(host.reason for host in report.hosts if host.context == "c1")
    wrong = ENTRY.replace("number: 80", "number: 81")
    report = verified(fleet(write(tmp_path, c1__entry=wrong)))
    assert {host.context: host.state for host in report.hosts} == {"c1": "Drift", "c2": "Unknown"}


def test_an_entry_written_by_hand_says_nothing_about_generated_ones(tmp_path: Path) -> None:
    own = ENTRY.replace("autogen.shop.web", "external").replace("web.shop.mesh.internal", "api.example.com")
    report = verified(fleet(write(tmp_path, c1__app=GLOBAL, c1__entry=own)))
    assert [host.state for host in report.hosts] == ["Unknown"]


def test_endpoints_count_as_read_where_a_server_gave_them(tmp_path: Path) -> None:
    slices = """\
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: %s, labels: {kubernetes.io/service-name: web}%s}
endpoints: []
"""
    write(tmp_path, c1__a=slices % ("shop", ", uid: abc"), c1__b=slices % ("store", ""))
    cluster = one(fleet(tmp_path / "c1"), Query(kinds.ENDPOINT_SLICE, "shop"), Query(kinds.ENDPOINT_SLICE, "store"))
    assert cluster.has_read(kinds.ENDPOINT_SLICE, "shop")
    assert not cluster.has_read(kinds.ENDPOINT_SLICE, "store")


def test_a_gateway_without_status_is_no_broken_gateway(tmp_path: Path) -> None:
    text = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: eastwest, namespace: istio-gateways}
spec: {gatewayClassName: istio-eastwest}
"""
    assert not one(fleet(write(tmp_path, a=text)), Query(kinds.GATEWAY)).has_read(kinds.GATEWAY)
    seen = text.replace("name: eastwest", "name: eastwest, uid: abc")
    assert one(fleet(write(tmp_path, a=seen)), Query(kinds.GATEWAY)).has_read(kinds.GATEWAY)


def test_what_kubectl_prints_is_taken_apart(tmp_path: Path) -> None:
    items = '{"apiVersion": "v1", "kind": "%s", "items": [%s]}'
    service = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "creationTimestamp": null}}'
    bare = '{"metadata": {"name": "b", "namespace": "shop"}, "spec": null}'
    (tmp_path / "east.json").write_text(items % ("List", service))
    (tmp_path / "west.json").write_text(items % ("ServiceList", bare))
    found = fleet(tmp_path / "east.json", tmp_path / "west.json").read([Query(kinds.SERVICE)])
    names = {one.context: [(s.namespace, s.name) for s in one.of(kinds.SERVICE, Service)] for one in found.clusters}
    assert names == {"east": [("default", "a")], "west": [("shop", "b")]}


def test_other_kinds_are_passed_over_and_counted(tmp_path: Path) -> None:
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\nreplicas: 3\n---\n- a list\n"
    told: list[str] = []
    sources_of([str(write(tmp_path, app=GLOBAL + secret))], told.append)
    assert told == [f"{tmp_path.name}: 1 objects in {tmp_path}; 3 documents of other kinds ignored"]


def test_files_that_are_no_objects_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{\n\t"name": "x"}')
    (tmp_path / "list.json").write_text('[\n\t{"kind": "x"}]')
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert len(one(fleet(write(tmp_path, app=GLOBAL)), Query(kinds.SERVICE)).objects[kinds.SERVICE]) == 1


def test_links_in_a_circle_are_followed_once(tmp_path: Path) -> None:
    root = write(tmp_path / "c1", app=GLOBAL)
    (root / "again").symlink_to(root)
    (root / "more").symlink_to(write(tmp_path / "elsewhere", other=PLAIN.replace("web", "other")))
    assert len(one(fleet(root), Query(kinds.SERVICE)).of(kinds.SERVICE, Service)) == 2


def test_one_cluster_in_two_folders_counts_once(tmp_path: Path) -> None:
    system = "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, uid: abc}\n"
    cluster = one(fleet(write(tmp_path, c1__ns=system, c2__ns=system)), Query(kinds.NAMESPACE))
    assert (cluster.context, cluster.uid, cluster.aliases) == ("c1", "abc", ("c2",))


# -- mistakes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (GLOBAL.replace("port: 80,", 'port: "80",'), 1, "service shop/web: spec.ports[0].port: expected int, got str"),
        (
            "---\n---\n" + GLOBAL.replace("scope: global", "takeover: true"),
            3,
            'web: metadata.labels[solo.io/service-takeover]: expected str, got bool: put it in quotes: "true"',
        ),
        (GLOBAL.replace("name: web,", ""), 1, "service shop: metadata.name '' is no name of an object"),
        (GLOBAL.replace("name: web,", "name: 'a\\nb',"), 1, "is no name of an object"),
        (GLOBAL.replace("port: 80,", ""), 1, "service shop/web: spec.ports[0]: object missing required field port"),
        (GLOBAL.replace("shop", "a/b"), 1, "metadata.namespace 'a/b' is no name of a namespace"),
        ("apiVersion: v1\nkind: Service\nmetadata: web\n", 1, "service: metadata: expected object, got str"),
        ("apiVersion: v1\nkind: List\nitems: none\n", 1, "List: items must be a list"),
        ("kind: Service\n bad: x\n", 2, "not valid YAML: "),
        ("apiVersion: v1\nkind: List\nitems:\n- {kind: List, items: []}\n", 4, "a List within a List"),
    ],
    ids=range(10),
)
def test_a_mistake_is_told_by_file_line_object_and_field(tmp_path: Path, text: str, line: int, says: str) -> None:
    write(tmp_path, app=text)
    with pytest.raises(CannotCheckError) as told:
        fleet(tmp_path)
    assert str(told.value).startswith(f"{tmp_path}/app.yaml:{line}: ")
    assert says in str(told.value)


def test_a_template_is_no_manifest_and_the_hint_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotCheckError) as told:
        fleet(write(tmp_path, app="kind: Service\nmetadata: {{ .Values.meta }}\n"))
    assert "helm template" in told.value.hint


def test_an_object_that_stands_twice_must_be_the_same(tmp_path: Path) -> None:
    assert len(one(fleet(write(tmp_path, a=GLOBAL, b=GLOBAL)), Query(kinds.SERVICE)).objects[kinds.SERVICE]) == 1
    with pytest.raises(CannotCheckError) as told:
        fleet(write(tmp_path, b=PLAIN))
    assert f"{tmp_path}/b.yaml:1: service shop/web" in str(told.value)
    assert f"stands in {tmp_path}/a.yaml:1 already" in str(told.value)


def test_places_that_hold_nothing_are_usage_errors(tmp_path: Path) -> None:
    write(tmp_path, values="replicas: 3")
    (tmp_path / "none").mkdir()
    for path, says in (
        (tmp_path / "gone", "there is no such file or folder"),
        (tmp_path / "none", "there are no manifests in it"),
        (tmp_path / "values.yaml", "it holds no object that meshglobal reads"),
        (tmp_path / "gone.tar.gz", "there is no such file or folder"),
    ):
        with pytest.raises(UsageError, match=says):
            fleet(path)


def test_two_clusters_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, a__c1__app=GLOBAL, b__c1__app=PLAIN)
    with pytest.raises(UsageError, match=r"a cluster c1 is in .*/a already"):
        fleet(tmp_path / "a", tmp_path / "b")


def test_files_are_neither_watched_nor_written(tmp_path: Path) -> None:
    found = fleet(write(tmp_path, app=GLOBAL))
    with pytest.raises(UsageError, match="do not change"):
        found.watch([Query(kinds.SERVICE)], 0)
    with pytest.raises(UsageError, match="cannot be written"):
        found.write([])


@pytest.mark.parametrize(
    "selector",
    ["app=web", "app==web", "app!=web", "app", "!app", "app in (web, api)", "app notin (web)", "app=web,tier", "tier="],
)
def test_label_selectors_choose_what_a_server_would(selector: str) -> None:
    for labels in ({}, {"app": "web"}, {"app": "api", "tier": "x"}, {"app": "web", "tier": ""}):
        assert requirements_of(selector)(labels) == matches(selector, labels)


def test_label_selectors_compare_numbers() -> None:
    above = requirements_of("n>5")
    assert [above({"n": text}) for text in ("4", "5", "6", "x", "")] == [False, False, True, False, False]
