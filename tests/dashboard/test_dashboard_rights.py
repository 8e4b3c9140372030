"""`rbac dashboard`: what it prints is enough for the page, and is no more than the commands need that it shows."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served_dashboard import served_dashboard
from served_mesh import ServedMesh, served_mesh

from meshglobal.app.granting import Asked, rights_for
from meshglobal.app.picture import MeshSettings
from meshglobal.app.selecting import Request
from meshglobal.domain.rights import Rights
from meshglobal.domain.subject import parse_subject
from meshglobal.render.rights import manifests
from meshglobal.sandbox.apiserver.kubeconfig import kubeconfig, write_kubeconfig

PLURALS = {kind: f"{kind.lower()}s.rbac.authorization.k8s.io" for kind in ("ClusterRole", "Role")}
PLURALS |= {f"{kind}Binding": f"{kind.lower()}bindings.rbac.authorization.k8s.io" for kind in ("ClusterRole", "Role")}
SERVICES = "/api/v1/services"


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path, 1) as running:
        yield running


def asked_for(command: str, namespace: str | None, *, wait: bool | None = None) -> Rights:
    asked = Asked(command, Request(None, namespace), wait)
    return rights_for(MeshSettings(), asked, everywhere=namespace is None and command != "check")


def verbs(rights: Rights) -> set[tuple[str, str, str, str]]:
    """Place, resource, name (empty: all of them) and verb."""
    return {
        (place or "", plural, name, verb)
        for place, rules in rights.items()
        for rule in rules
        for plural in rule.resources
        for name in rule.names or ("",)
        for verb in rule.verbs
    }


def grant(mesh: ServedMesh, documents: list[Any]) -> None:
    client = mesh.clusters["cluster1"].client()
    mesh.call(lambda: [client.create(PLURALS[one["kind"]], copy.deepcopy(one)) for one in documents])


@pytest.mark.parametrize("namespace", [None, "bookinfo"])
def test_it_is_enough(mesh: ServedMesh, namespace: str | None) -> None:
    rights = asked_for("dashboard", namespace)
    grant(mesh, list(manifests(rights, "watchers", [parse_subject("user:nobody")])))
    path = mesh.kubeconfig.with_name("nobody.kubeconfig")
    write_kubeconfig(path, kubeconfig(list(mesh.clusters.values()), ["nobody"]))
    with served_dashboard(path, request=Request(None, namespace)) as dashboard:
        check = dashboard.shown_when(lambda one: one["exitCode"] == 0, "/api/v1/clusters")
        assert [one["unread"] for one in check["clusters"]] == [[]]
        assert dashboard.shown_when(lambda one: one["exitCode"] == 0)["clusters"][0]["reached"]
        detail = dashboard.shown_when(lambda one: one["isComplete"], f"{SERVICES}/bookinfo/productpage")
        assert [one["unread"] for one in detail["diagnosis"]["clusters"]] == [[]]


@pytest.mark.parametrize("namespace", [None, "bookinfo"])
def test_it_is_no_more_than_the_commands_that_it_shows_need(namespace: str | None) -> None:
    shown = verbs(asked_for("dashboard", namespace))
    commands = verbs(asked_for("list", namespace, wait=True)) | verbs(asked_for("check", None))
    once = {one for one in shown if one[3] != "watch" and one[1] != "pods"}
    assert {one[:3] for one in once} <= {one[:3] for one in commands}
    assert {(place, verb) for place, plural, _, verb in shown if plural == "pods"} == {(namespace or "", "list")}
    assert {one[3] for one in shown} == {"get", "list", "watch"}
