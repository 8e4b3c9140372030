"""What no answer ever holds: tokens, secrets, and where the user's files are. And what is text stays text."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pages import TOKEN, Page, Reply
from served_dashboard import Dashboard, served_dashboard, streamed
from served_mesh import ServedMesh, served_mesh

from meshglobal.dashboard.discreet import Discretion
from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION

HOSTILE = "</script><img src=x onerror=alert(1)>\"'`{{7*7}}\u2028\u202e"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
STANDS_FOR = {"namespace": "bookinfo", "name": "productpage", "code": "MG101"}


def meant(kubeconfig: Path) -> None:
    """Add contexts that cannot be used, each of which fails with a file's name in its reason."""
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    folder = kubeconfig.parent / "private"
    (cluster,) = (
        one["name"] for one in document["clusters"] if one["name"] == document["contexts"][0]["context"]["cluster"]
    )
    document["contexts"] += [
        {"name": "no-user", "context": {"cluster": cluster, "user": "nobody"}},
        {"name": "no-token", "context": {"cluster": cluster, "user": "absent"}},
        {"name": "no-plugin", "context": {"cluster": cluster, "user": "plugged"}},
    ]
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(folder / "plugin"),
        "interactiveMode": "Never",
    }
    document["users"] += [
        {"name": "absent", "user": {"tokenFile": str(folder / "token")}},
        {"name": "plugged", "user": {"exec": plugin}},
    ]
    kubeconfig.write_text(yaml.safe_dump(document), encoding="utf-8")


def secrets_of(kubeconfig: Path) -> set[str]:
    """Everything in a kubeconfig that nobody may see, and where it is."""
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    users = [value for one in document["users"] for value in one["user"].values() if isinstance(value, str)]
    clusters = [one["cluster"]["certificate-authority-data"] for one in document["clusters"]]
    return {*users, *clusters, str(kubeconfig), str(kubeconfig.parent), TOKEN}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2) as running:
        for name in running.clusters:
            make_hostile(running, name)
        meant(running.kubeconfig)
        yield running


@pytest.fixture(scope="module")
def dashboard(mesh: ServedMesh) -> Iterator[Dashboard]:
    with served_dashboard(mesh.kubeconfig) as served:
        served.shown_when(lambda one: one["services"] and len(one["clusters"]) == 5 and not unread_yet(one))
        yield served


def make_hostile(mesh: ServedMesh, cluster: str) -> None:
    """A global Service with an annotation full of HTML, and a mode that is one."""

    def change() -> None:
        client = mesh.clusters[cluster].client()
        found = copy.deepcopy(client.get("services", "bookinfo", "productpage"))
        assert found is not None
        found["metadata"]["labels"][SERVICE_SCOPE] = "global"
        found["metadata"]["annotations"] = {"note": HOSTILE, TRAFFIC_DISTRIBUTION: HOSTILE}
        client.replace("services", found)

    mesh.call(change)


def unread_yet(inventory: Any) -> bool:
    return "has not been read yet" in json.dumps(inventory)


def everything(dashboard: Dashboard) -> Iterator[tuple[str, Reply]]:
    """Each route by each method: with the token, without, with a wrong one, from another site, by another name."""
    senders: list[dict[str, str | None]] = [
        {},
        {"Authorization": None},
        {"Authorization": "Bearer wrong"},
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
    ]
    patterns = {route.pattern for route in dashboard.running.routes.table} | {
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/services/bookinfo/nothing",
        "/api/v1/explanations/nothing",
    }
    for pattern in sorted(patterns - {"/api/v1/events"}):
        for method in METHODS:
            for headers in senders:
                path = pattern.format(**STANDS_FOR)
                yield f"{method} {path} {headers}", dashboard.page.ask(path, method, headers=headers)


def test_no_answer_holds_a_secret_or_the_name_of_a_file(mesh: ServedMesh, dashboard: Dashboard) -> None:
    forbidden = secrets_of(mesh.kubeconfig)
    assert len(forbidden) > 6
    for what, answer in everything(dashboard):
        text = f"{answer.headers}{answer.body.decode()}"
        assert not [one for one in forbidden if one in text], what
        assert answer.status < 500, what
    with streamed(dashboard.page) as stream:
        told = repr(stream.next())
    assert not [one for one in forbidden if one in told]


def test_a_failure_says_what_is_wrong_without_the_folder(dashboard: Dashboard) -> None:
    clusters = dashboard.page.document("/api/v1/services")["clusters"]
    reasons = {one["context"]: one["unread"][0]["failure"]["message"] for one in clusters if one["unread"]}
    assert reasons["no-user"].startswith("mesh.kubeconfig:")
    assert reasons["no-user"].endswith('there is no user "nobody"')
    assert "tokenFile private/token cannot be read" in reasons["no-token"]
    assert "plugin" in reasons["no-plugin"]


def test_without_writes_no_route_takes_anything_but_get(dashboard: Dashboard) -> None:
    assert {route.method for route in dashboard.running.routes.table} == {"GET"}
    for what, answer in everything(dashboard):
        if what.split()[0] not in ("GET", "HEAD"):
            assert answer.status in (401, 403, 404, 405, 421), what
    assert dashboard.page.ask("/api/v1/plans", "POST", b"{}").status == 404
    assert dashboard.page.document("/api/v1/about")["writes"] is False


def test_html_in_names_stays_text_in_json(dashboard: Dashboard) -> None:
    inventory = dashboard.page.ask("/api/v1/services")
    assert inventory.headers["Content-Type"] == "application/json; charset=utf-8"
    assert [cell["distribution"] for cell in inventory.document["services"][0]["cells"][:2]] == [HOSTILE] * 2
    (service, _) = dashboard.page.document("/api/v1/services/bookinfo/productpage")["objects"][:2]
    assert service["annotations"]["note"] == HOSTILE
    assert yaml.safe_load(service["yaml"])["metadata"]["annotations"]["note"] == HOSTILE


@pytest.mark.parametrize("path", ["/services/<script>/x", "/api/v1/explanations/%3Cscript%3E", "/%3Cscript%3E"])
def test_what_was_asked_is_never_sent_back_as_markup(dashboard: Dashboard, path: str) -> None:
    answer = dashboard.page.ask(path.replace("<", "%3C").replace(">", "%3E"))
    assert b"<script>x" not in answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status != 200:
        assert answer.headers["Content-Type"].startswith("application/json")


def test_the_shell_is_the_same_for_all_and_holds_no_data(dashboard: Dashboard) -> None:
    page = Page(dashboard.page.port, "")
    shells = {page.ask(path, headers={"Authorization": None}).body for path in ("/", "/services/bookinfo/productpage")}
    (shell,) = shells
    assert b"productpage" not in shell
    assert b"cluster1" not in shell
    tag = page.ask("/").headers["ETag"]
    again = page.ask("/", headers={"If-None-Match": tag})
    assert (again.status, again.body, again.headers["Cache-Control"]) == (304, b"", "no-cache")


@pytest.mark.parametrize("path", ["/nothing", "/clusters/", "/services/bookinfo"])
def test_an_address_without_a_page_is_the_shell_to_a_browser(dashboard: Dashboard, path: str) -> None:
    page, accept = Page(dashboard.page.port, ""), {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = page.ask(path, headers=accept)
    assert (answer.status, answer.body) == (404, page.ask("/").body)
    assert page.ask(path).document["error"]["hint"] == "the page is at /"
    assert page.ask(path, "POST", b"", headers=accept).status == 404


@pytest.mark.parametrize("path", ["/static/nothing.js", "/api/v1/nothing", "/%61pi/v1/nothing"])
def test_what_no_person_opens_is_no_page(dashboard: Dashboard, path: str) -> None:
    answer = dashboard.page.ask(path, headers={"Accept": "application/json"})
    assert (answer.status, answer.document["error"]["message"]) == (404, "there is nothing at this path")
    if not path.startswith("/%"):
        assert dashboard.page.ask(path, headers={"Accept": "text/html"}).body == answer.body


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/me/.kube/prod/config:3: there is no user", "config:3: there is no user"),
        ("certificate /home/me/.kube/prod/ca.pem is no PEM", "certificate ca.pem is no PEM"),
        ("run /home/me/bin/plugin", "run bin/plugin"),
        ("GET /api/v1/home/me/x", "GET /api/v1/home/me/x"),
        ("https://10.0.0.1/home/me/x", "https://10.0.0.1/home/me/x"),
        ("/home/mean/x", "/home/mean/x"),
        ("kubes/one:3: no", "one:3: no"),
        ("plain words", "plain words"),
    ],
)
def test_folders_are_hidden_and_nothing_else(text: str, told: str) -> None:
    assert Discretion(("/home/me/.kube/prod/config", "kubes/one"), "/home/me").told(text) == told


@pytest.mark.parametrize("files", [(), ("config",), ("/config",)])
def test_a_file_without_a_folder_hides_nothing(files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert Discretion(files).told("a/b /c/d") == "a/b /c/d"
