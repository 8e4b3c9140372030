"""`rbac`: what it prints is enough for the command, and nothing of it can be left out."""

from __future__ import annotations

import copy
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
import yaml
from ran import Meshglobal, Ran
from served_mesh import ServedMesh, served_mesh

from meshglobal.app.granting import COMMANDS
from meshglobal.cli.main import build
from meshglobal.cli.table import COMMANDS as TABLE
from meshglobal.sandbox.apiserver.faults import Fault

KUBECTL = Path(sys.executable).with_name("kubectl")
GROUP = "rbac.authorization.k8s.io"
PLURALS = {
    "ClusterRole": f"clusterroles.{GROUP}",
    "Role": f"roles.{GROUP}",
    "ClusterRoleBinding": f"clusterrolebindings.{GROUP}",
    "RoleBinding": f"rolebindings.{GROUP}",
}
Manifest = dict[str, Any]


class Act(NamedTuple):
    """One verb on one resource in one place; ``name`` empty: on all objects."""

    place: str
    resource: str
    name: str
    verb: str

    @property
    def is_identity(self) -> bool:
        """Whether it only tells clusters apart, which nothing that is said depends on."""
        return self.name == "kube-system"


@pytest.fixture
def mesh(tmp_path: Path) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path, 1) as running:
        yield running


@pytest.fixture
def user(mesh: ServedMesh, meshglobal: Meshglobal) -> Meshglobal:
    """Runs a command as somebody who may do nothing by himself; productpage is global already."""
    ran = meshglobal("expose", "svc", "productpage", "-n", "bookinfo", "-q")
    assert ran.code == 0, ran.err
    path = str(mesh.users_kubeconfig("nobody"))

    def call(*words: str) -> Ran:
        return meshglobal(*words, "--kubeconfig", path, "--context", "cluster1-nobody", "-o", "json")

    return call


def rights(meshglobal: Meshglobal, *words: str) -> list[Manifest]:
    """What `rbac` prints for a command line, bound to the user."""
    ran = meshglobal("rbac", *words, "--subject", "user:nobody", "-o", "json")
    assert (ran.code, ran.err) == (0, "")
    items: list[Manifest] = ran.document["items"]
    return items


def apply(mesh: ServedMesh, manifests: list[Manifest]) -> None:
    """Let these be the only rights that anybody was given."""
    client = mesh.clusters["cluster1"].client()

    def replace() -> None:
        for plural in PLURALS.values():
            for old in client.list(plural):
                client.delete(plural, old["metadata"].get("namespace"), old["metadata"]["name"])
        for one in manifests:
            client.create(PLURALS[one["kind"]], copy.deepcopy(one))

    mesh.call(replace)


def acts_of(manifests: list[Manifest]) -> Iterator[Act]:
    for role in manifests:
        for rule in role.get("rules", ()):
            for resource in rule["resources"]:
                for name in rule.get("resourceNames", [""]):
                    for verb in rule["verbs"]:
                        yield Act(role["metadata"].get("namespace", ""), resource, name, verb)


def without(manifests: list[Manifest], left_out: Act) -> list[Manifest]:
    """The same rights less one, each in a rule of its own."""
    found = copy.deepcopy(manifests)
    for role in found:
        if "rules" in role:
            place = role["metadata"].get("namespace", "")
            role["rules"] = [
                {"apiGroups": rule["apiGroups"], "resources": [resource], "verbs": [verb]}
                | ({"resourceNames": [name]} if name else {})
                for rule in role["rules"]
                for resource in rule["resources"]
                for name in rule.get("resourceNames", [""])
                for verb in rule["verbs"]
                if Act(place, resource, name, verb) != left_out
            ]
    return found


def unread(ran: Ran) -> list[str]:
    return [one["failure"]["message"] for cluster in ran.document["clusters"] for one in cluster["unread"]]


def said(ran: Ran) -> str:
    """All that a document says of what could not be done."""
    failed = [write["failure"]["message"] for write in ran.document.get("writes", ()) if write["failure"]]
    return "\n".join([*unread(ran), *failed])


READING = (
    ("verify", "-n", "bookinfo"),
    ("verify", "svc/productpage", "-n", "bookinfo"),
    ("verify", "-A"),
    ("verify", "-n", "bookinfo", "-l", "app=productpage"),
    ("list", "-n", "bookinfo"),
    ("list", "-A"),
    ("describe", "svc", "productpage", "-n", "bookinfo"),
    ("diagnose", "svc", "productpage", "-n", "bookinfo"),
    ("check",),
    ("check", "--gateway-namespace", "istio-eastwest"),
    ("collect", "-n", "bookinfo"),
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_reading_command_needs_all_of_it_and_no_more(
    mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal, words: tuple[str, ...], tmp_path: Path
) -> None:
    bundles = (tmp_path / f"bundle{number}" for number in itertools.count())

    def run(who: Meshglobal) -> Ran:
        out = ("--out", str(next(bundles))) if words[0] == "collect" else ()
        return who(*words, *out, "-o", "json")

    admin = run(meshglobal)
    manifests = rights(meshglobal, *words)
    apply(mesh, manifests)
    ran = run(user)
    assert (ran.code, unread(ran)) == (admin.code, []), ran.err
    for act in acts_of(manifests):
        apply(mesh, without(manifests, act))
        ran = run(user)
        if act.is_identity:
            assert (ran.code, unread(ran)) == (admin.code, []), ran.err
        else:
            assert ran.code == 3, (act, ran.err)
            assert f'cannot {act.verb} resource "{act.resource}"' in said(ran), act


WRITING = (
    ("expose", "svc", "reviews", "-n", "bookinfo"),
    ("unexpose", "svc", "productpage", "-n", "bookinfo"),
    ("expose", "ns", "bookinfo"),
)


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_writing_command_needs_all_of_it_and_no_more(
    mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal, words: tuple[str, ...]
) -> None:
    manifests = rights(meshglobal, *words, "--no-wait")
    for act in acts_of(manifests):
        apply(mesh, without(manifests, act))
        # Somebody else changes the object just before: only then is it read once more.
        mesh.fault("cluster1", Fault(status=409, methods=frozenset({"PATCH"}), left=1))
        ran = user(*words, "--yes", "--no-wait")
        if act.is_identity:
            assert (ran.code, said(ran)) == (0, ""), ran.err
            undo(meshglobal, *words)
        else:
            assert ran.code in (3, 4), (act, ran.err)
            assert f'cannot {act.verb} resource "{act.resource}"' in said(ran), act
    apply(mesh, manifests)
    mesh.fault("cluster1", Fault(status=409, methods=frozenset({"PATCH"}), left=1))
    ran = user(*words, "--yes", "--no-wait")
    assert (ran.code, said(ran)) == (0, ""), ran.err


def undo(meshglobal: Meshglobal, verb: str, *words: str) -> None:
    """Bring things back to where they were."""
    back = {"expose": "unexpose", "unexpose": "expose"}[verb]
    ran = meshglobal(back, *words, "--yes", "--no-wait", "-q")
    assert ran.code == 0, ran.err


def test_waiting_needs_the_watches_too_and_no_more(mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal) -> None:
    mesh.stop_control_plane()
    assert meshglobal("expose", "svc", "reviews", "-n", "bookinfo", "--no-wait", "-q").code == 0
    words = ("verify", "svc/reviews", "-n", "bookinfo", "--wait")
    manifests, once = rights(meshglobal, *words), set(acts_of(rights(meshglobal, *words[:-1])))
    apply(mesh, manifests)
    ran = user(*words, "--timeout", "4s")
    assert (ran.code, unread(ran)) == (5, []), ran.err
    only_for_waiting = [act for act in acts_of(manifests) if act not in once]
    assert {act.verb for act in only_for_waiting} == {"list", "watch"}
    for act in only_for_waiting:
        apply(mesh, without(manifests, act))
        ran = user(*words, "--timeout", "1500ms")
        assert ran.code == 5, (act, ran.err)
        assert f'cannot {act.verb} resource "{act.resource}"' in said(ran), act


def test_a_list_that_goes_on_needs_watches(mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal) -> None:
    here = ("-n", "bookinfo")
    manifests, once = rights(meshglobal, "top", *here), set(acts_of(rights(meshglobal, "list", *here)))
    assert manifests == rights(meshglobal, "list", *here, "--wait")
    only_for_watching = [act for act in acts_of(manifests) if act not in once]
    assert "watch" in {act.verb for act in only_for_watching}
    apply(mesh, manifests)
    assert user("top", *here, "--timeout", "3s").code == 0
    apply(mesh, without(manifests, next(act for act in only_for_watching if act.resource == "endpointslices")))
    ran = user("top", *here, "--timeout", "3s")
    assert (ran.code, "cannot watch resource" in ran.err) == (3, True), ran.err


@pytest.mark.parametrize("words", [("check",), ("diagnose", "svc", "productpage", "-n", "bookinfo")], ids=" ".join)
def test_samples_need_a_watch_of_gateways(
    mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal, words: tuple[str, ...]
) -> None:
    manifests, once = rights(meshglobal, *words, "--wait"), set(acts_of(rights(meshglobal, *words)))
    apply(mesh, manifests)
    samples = ("--samples", "2", "--interval", "200ms")
    ran = user(*words, *samples)
    assert (ran.code, unread(ran)) == (meshglobal(*words, "-o", "json").code, []), ran.err
    (watch,) = [act for act in acts_of(manifests) if act not in once]
    assert (watch.resource, watch.verb) == ("gateways", "watch")
    apply(mesh, without(manifests, watch))
    ran = user(*words, *samples)
    assert ran.code == 3
    assert 'cannot watch resource "gateways"' in said(ran)


def kubectl(mesh: ServedMesh, *arguments: str, stdin: str) -> str:
    command = [KUBECTL, "--kubeconfig", mesh.kubeconfig, "--context", "cluster1", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_kubectl_takes_what_is_printed(mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal) -> None:
    words = ("expose", "svc", "reviews", "-n", "bookinfo")
    assert user(*words).code == 3
    printed = meshglobal("rbac", *words, "--subject", "user:nobody", "--role-name", "exposers").out
    line = " ".join(["# printed by: meshglobal rbac", *words, "--role-name exposers --subject user:nobody"])
    assert printed.startswith(f"{line}\n")
    assert kubectl(mesh, "apply", "-f", "-", stdin=printed).splitlines() == [
        "clusterrole.rbac.authorization.k8s.io/exposers created",
        "role.rbac.authorization.k8s.io/exposers created",
        "role.rbac.authorization.k8s.io/exposers created",
        "clusterrolebinding.rbac.authorization.k8s.io/exposers created",
        "rolebinding.rbac.authorization.k8s.io/exposers created",
        "rolebinding.rbac.authorization.k8s.io/exposers created",
    ]
    ran = user(*words)
    assert (ran.code, said(ran)) == (0, ""), ran.err
    assert set(ran.states().values()) == {"Ready"}
    others = user("expose", "svc", "ratings", "-n", "bookinfo")
    assert others.code == 3
    assert 'services "ratings" is forbidden' in said(others)


@pytest.mark.parametrize("words", [("expose", "svc"), ("expose", "ns"), ("unexpose", "ns", "bookinfo", "default")])
def test_rights_for_any_name_are_enough_for_each(
    mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal, words: tuple[str, ...]
) -> None:
    place = ("-n", "bookinfo") if words[1] == "svc" else ()
    apply(mesh, rights(meshglobal, *words, *place))
    for names in (("bookinfo",), ("bookinfo", "default")) if words[1] == "ns" else (("reviews",), ("ratings",)):
        ran = user(*words[:2], *(words[2:] or names), *place, "--yes")
        assert (ran.code, said(ran)) == (0, ""), ran.err


def test_a_command_about_one_namespace_can_have_rights_for_each(
    mesh: ServedMesh, meshglobal: Meshglobal, user: Meshglobal
) -> None:
    for command in ("describe", "diagnose"):
        apply(mesh, rights(meshglobal, command, "-A"))
        ran = user(command, "svc", "productpage", "-n", "bookinfo")
        assert (ran.code, unread(ran)) == (0, []), ran.err


def test_subjects_are_written_as_rbac_has_them(meshglobal: Meshglobal) -> None:
    who = ("--subject", "group:sre", "--subject", "serviceaccount:ci/bot", "--subject", "user:a:b")
    ran = meshglobal("rbac", "check", *who)
    documents = list(yaml.safe_load_all(ran.out))
    assert [one["kind"] for one in documents] == ["ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"]
    assert documents[-1]["subjects"] == [
        {"apiGroup": GROUP, "kind": "Group", "name": "sre"},
        {"kind": "ServiceAccount", "name": "bot", "namespace": "ci"},
        {"apiGroup": GROUP, "kind": "User", "name": "a:b"},
    ]
    assert documents[-1]["roleRef"] == {"apiGroup": GROUP, "kind": "Role", "name": "meshglobal-check"}
    assert json.loads(meshglobal("rbac", "check", *who, "-o", "json").out)["items"] == documents


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify",), "in which namespace?"),
        (("verifi", "-A"), "did you mean verify?"),
        (("explain",), "'explain' is no command that asks something of a cluster"),
        (("check", "-A"), "takes neither names nor -A"),
        (("describe", "-n", "bookinfo", "--wait"), "describe never waits"),
        (("expose", "-n", "bookinfo"), "expose what? svc or ns"),
        (("list", "-A", "--cni-namespace", "kube-system"), "only check is told"),
        (("verify", "-n", "*"), "'*' cannot be the name of a namespace"),
        (("check", "--subject", "bob"), "--subject 'bob': write user:NAME"),
        (("check", "--subject", "serviceaccount:bot"), "is written serviceaccount:NAMESPACE/NAME"),
        (("check", "--role-name", "a/b"), "--role-name 'a/b'"),
    ],
)
def test_what_cannot_be_is_refused(meshglobal: Meshglobal, words: tuple[str, ...], says: str) -> None:
    ran = meshglobal("rbac", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def _connects(command: Any) -> bool:
    """Whether it, or one of its own sub-commands, takes the options of connections."""
    return any(option.name == "request_timeout" for option in command.params) or any(
        map(_connects, getattr(command, "commands", {}).values())
    )


def test_every_command_that_connects_is_known() -> None:
    root: Any = typer.main.get_command(build())
    context = typer.Context(root)
    loaded = {entry.name: root.get_command(context, entry.name) for entry in TABLE}
    asks_nobody = {"config", "sandbox"}  # they select contexts, and talk to processes of their own
    for name, group in list(loaded.items()):
        # Sub-commands that need rights of their own are known as `group-sub`, others by the name of the group.
        if (subs := getattr(group, "commands", None)) is not None and name not in COMMANDS:
            del loaded[name]
            loaded |= {} if name in asks_nobody else {f"{name}-{sub}": one for sub, one in subs.items()}
    connecting = {name for name, one in loaded.items() if _connects(one)}
    assert connecting == set(COMMANDS)


def test_a_finding_names_every_rule_that_would_help_and_cuts_none(user: Meshglobal) -> None:
    ran = user("diagnose", "svc", "productpage", "-n", "bookinfo")
    (message,) = (one["message"] for one in ran.document["findings"] if one["code"] == "MG602")
    rules = [yaml.safe_load(one) for one in re.findall(r"{.*?}", message)]
    assert message.endswith("}")
    assert {"pods", "segments", "workloadentries", "authorizationpolicies"} <= {
        resource for rule in rules for resource in rule["resources"]
    }
