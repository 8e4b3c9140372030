"""Whole objects are made, mended and taken away; what is not ours stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served_cluster import Served
from servers import Reply, Seen, as_json, fleet_of, http_server, quick, refusal
from worlds import QUICK

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import HTTP_ROUTE
from meshglobal.domain.object_plan import ObjectResult, ObjectStep
from meshglobal.domain.plan import Status
from meshglobal.kube.fleet import KubeFleet, connect
from meshglobal.kube.kubeconfig import load
from meshglobal.kube.selection import Selection, Source
from meshglobal.sandbox.apiserver.faults import Fault

MARK = {"app.kubernetes.io/managed-by": "meshglobal"}
ROUTES = "httproutes.gateway.networking.k8s.io"
Spec = dict[str, Any]


def wanted(path: str = "/", **spec: Any) -> Spec:
    rule = {"matches": [{"path": {"type": "PathPrefix", "value": path}}], "backendRefs": [{"name": "web", "port": 80}]}
    meta = {"name": "web", "namespace": "default", "labels": MARK}
    spec = {"parentRefs": [{"name": "edge"}], "rules": [rule]} | spec
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": meta, "spec": spec}


def step(obj: Spec | None, context: str = "one") -> ObjectStep:
    return ObjectStep(context, HTTP_ROUTE, "default", "web", MARK, obj)


class One:
    """One embedded cluster, and a fleet on it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.context = "one"
        self.fleet: KubeFleet = connect(load(str(served.kubeconfig), {}), Selection(("one",), Source.FLAG), QUICK)

    def write(self, obj: Spec | None, **how: bool) -> ObjectResult:
        (result,) = self.fleet.write_objects([step(obj)], **how)
        return result

    def find(self) -> Spec | None:
        found: Spec | None = self.served.call(lambda: self.served.cluster.client().get(ROUTES, "default", "web"))
        return found

    def edit(self, change: Callable[[Spec], Spec], manager: str = "somebody") -> None:
        def replace() -> None:
            client = self.served.cluster.client().as_manager(manager)
            found = client.get(ROUTES, "default", "web")
            assert found is not None
            client.replace(ROUTES, change(found))

        self.served.call(replace)

    def clear(self) -> None:
        if self.find() is not None:
            self.served.call(lambda: self.served.cluster.client().delete(ROUTES, "default", "web"))
        self.fleet.close()


@pytest.fixture
def one(clusters: dict[str, Served]) -> Iterator[One]:
    found = One(clusters["one"])
    yield found
    found.clear()


def test_an_object_is_made_once(one: One) -> None:
    made = one.write(wanted())
    assert (made.status, made.verb, made.before, made.failure) == (Status.CHANGED, "created", None, None)
    version = (one.find() or {})["metadata"]["resourceVersion"]
    again = one.write(wanted())
    assert (again.status, again.verb) == (Status.UNCHANGED, "unchanged")
    assert (one.find() or {})["metadata"]["resourceVersion"] == version, "nothing was sent that would change nothing"


def test_a_dry_run_stores_nothing(one: One) -> None:
    tried = one.write(wanted(), dry_run=True)
    assert (tried.status, tried.verb, one.find()) == (Status.WOULD_CHANGE, "created", None)
    assert tried.after is not None
    one.write(wanted())
    tried = one.write(wanted("/api"), dry_run=True)
    assert (tried.status, tried.verb) == (Status.WOULD_CHANGE, "configured")
    assert one.write(wanted(), dry_run=True).status is Status.UNCHANGED
    assert one.write(None, dry_run=True).verb == "deleted"
    assert one.find() is not None


def test_what_is_ours_is_mended_and_the_rest_of_it_kept(one: One) -> None:
    one.write(wanted(hostnames=["a.example"]))
    one.edit(lambda obj: obj | {"metadata": obj["metadata"] | {"annotations": {"note": "theirs"}}})
    mended = one.write(wanted("/api", hostnames=None))
    assert (mended.status, mended.verb) == (Status.CHANGED, "configured")
    found = one.find() or {}
    assert found["spec"]["rules"][0]["matches"][0]["path"]["value"] == "/api"
    assert "hostnames" not in found["spec"]
    assert found["metadata"]["annotations"] == {"note": "theirs"}


def test_what_is_not_ours_is_neither_changed_nor_deleted(one: One) -> None:
    obj = wanted() | {"metadata": {"name": "web", "namespace": "default"}}
    one.served.call(lambda: one.served.cluster.client().create(ROUTES, obj))
    before = one.find()
    for wish in (wanted("/api"), None):
        for overwrite in (False, True):
            result = one.write(wish, overwrite=overwrite)
            assert result.status is Status.CONFLICT
            assert result.failure is not None
            assert (
                "is somebody else's: it has no labels app.kubernetes.io/managed-by=meshglobal" in result.failure.message
            )
    assert one.find() == before


def test_what_somebody_edited_needs_overwrite(one: One) -> None:
    one.write(wanted())
    one.edit(lambda obj: obj | {"spec": obj["spec"] | {"hostnames": ["theirs.example"]}})
    result = one.write(wanted("/api"))
    assert (result.status, result.failure and result.failure.message) == (
        Status.CONFLICT,
        "the spec of HTTPRoute default/web was edited by somebody",
    )
    assert one.write(None).status is Status.CONFLICT
    assert one.write(wanted("/api"), overwrite=True).status is Status.CHANGED


def test_what_is_gone_need_not_be_deleted(one: One) -> None:
    one.write(wanted())
    deleted = one.write(None)
    assert (deleted.status, deleted.verb, one.find()) == (Status.CHANGED, "deleted", None)
    again = one.write(None)
    assert (again.status, again.verb) == (Status.UNCHANGED, "not found")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_guard_that_breaks_is_renewed(one: One, method: str) -> None:
    if method != "POST":
        one.write(wanted())
    one.served.call(lambda: one.served.cluster.faults.set("t", Fault(status=409, methods=frozenset({method}), left=1)))
    result = one.write(None if method == "DELETE" else wanted("/api"))
    assert (result.status, result.failure) == (Status.CHANGED, None)


def test_an_object_that_keeps_changing_is_given_up(one: One) -> None:
    one.write(wanted())
    one.served.call(lambda: one.served.cluster.faults.set("t", Fault(status=409, methods=frozenset({"PATCH"}), left=9)))
    result = one.write(wanted("/api"))
    one.served.call(lambda: one.served.cluster.faults.clear("t"))
    assert result.status is Status.CONFLICT
    assert result.failure is not None
    assert "kept changing" in result.failure.message


def test_a_server_that_refuses_is_quoted(one: One) -> None:
    result = one.write(wanted(rules=[{"matches": [{"path": {"type": "Exakt", "value": "/"}}]}]))
    assert (result.status, result.failure and result.failure.cause) == (Status.FAILED, Cause.REJECTED)
    assert result.failure is not None
    assert "Exakt" in result.failure.message


def test_a_cluster_out_of_reach_does_not_hide_the_others(clusters: dict[str, Served], tmp_path: Path) -> None:
    from worlds import merged_kubeconfig

    path = merged_kubeconfig(tmp_path / "kubeconfig", clusters)
    fleet = connect(load(str(path), {}), Selection(("dead", "two"), Source.FLAG), QUICK)
    dead, two = fleet.write_objects([step(wanted(), "dead"), step(wanted(), "two")])
    fleet.write_objects([step(None, "two")])
    fleet.close()
    assert (dead.status, dead.failure and dead.failure.cause) == (Status.FAILED, Cause.REFUSED)
    assert two.status is Status.CHANGED


# -- what is sent ------------------------------------------------------------------------------------------------

STORED = wanted() | {"metadata": wanted()["metadata"] | {"uid": "u", "resourceVersion": "7"}}


def written(directory: Path, obj: Spec | None, *replies: Reply, **how: bool) -> tuple[ObjectResult, list[Seen]]:
    pending = iter(replies)

    with http_server(lambda _: next(pending)) as server:
        fleet = fleet_of(directory, {"one": ({"server": server.url}, {"token": "t"})}, quick(field_manager="ci"))
        (result,) = fleet.write_objects([step(obj)], **how)
        fleet.close()
        return result, server.requests


ABSENT = as_json(
    {"kind": "Status", "message": 'httproutes "web" not found', "details": {"name": "web"}, "code": 404}, 404
)


def test_a_new_object_is_posted_without_what_shall_not_be_set(tmp_path: Path) -> None:
    result, seen = written(tmp_path, wanted(hostnames=None), ABSENT, as_json(STORED, 201))
    assert result.status is Status.CHANGED
    post = seen[1]
    assert (post.method, post.headers["Content-Type"]) == ("POST", "application/json")
    assert post.path.endswith("/namespaces/default/httproutes?fieldManager=ci")
    assert json.loads(post.body) == wanted()


def test_a_patch_and_a_deletion_carry_the_guard(tmp_path: Path) -> None:
    changed = STORED | {"spec": wanted("/api")["spec"]}
    result, seen = written(
        tmp_path, wanted("/api", hostnames=None), as_json(STORED), as_json(changed), as_json(changed)
    )
    assert result.status is Status.CHANGED
    assert [one.path.partition("?")[2] for one in seen[1:]] == ["fieldManager=ci&dryRun=All", "fieldManager=ci"]
    sent = json.loads(seen[2].body)
    assert (sent["metadata"]["uid"], sent["metadata"]["resourceVersion"]) == ("u", "7")
    assert sent["spec"]["hostnames"] is None
    result, seen = written(tmp_path, None, as_json(STORED), as_json({"kind": "Status", "status": "Success"}))
    assert result.status is Status.CHANGED
    options = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "u", "resourceVersion": "7"}}
    assert json.loads(seen[1].body) == options
    assert "?" not in seen[1].path


def test_a_deletion_that_is_only_tried_says_so_in_its_body(tmp_path: Path) -> None:
    done = as_json({"kind": "Status", "status": "Success"})
    result, seen = written(tmp_path, None, as_json(STORED), done, dry_run=True)
    assert result.status is Status.WOULD_CHANGE
    assert json.loads(seen[1].body)["dryRun"] == ["All"], "a server does not look at the query where there is a body"


def test_what_an_answer_that_was_lost_has_done_counts_as_done(tmp_path: Path) -> None:
    broken = refusal(503, "try again")
    result, seen = written(tmp_path, wanted(), ABSENT, broken, refusal(409, "exists"), as_json(STORED), as_json(STORED))
    assert [one.method for one in seen] == ["GET", "POST", "POST", "GET", "PATCH"]
    assert result.status is Status.CHANGED


def test_a_kind_that_is_not_served_is_said(tmp_path: Path) -> None:
    result, _ = written(tmp_path, wanted(), (404, {}, b"404 page not found\n"))
    assert (result.status, result.failure and result.failure.cause) == (Status.FAILED, Cause.NO_SUCH_KIND)


@pytest.mark.parametrize(
    "odd",
    [
        (200, {}, b"<html>"),
        as_json([]),
        as_json({}),
        as_json({"metadata": {}}),
        as_json({"metadata": {"uid": "u"}}),
        as_json({"metadata": {"uid": 1, "resourceVersion": "7"}}),
        as_json({"metadata": {"uid": "u", "resourceVersion": "7", "labels": [1]}}),
        as_json({"metadata": {"uid": "u", "resourceVersion": "7", "managedFields": ["x"]}}),
        (200, {}, b"\xff"),
    ],
    ids=range(9),
)
def test_an_answer_that_is_no_object_is_said(tmp_path: Path, odd: Reply) -> None:
    result, _ = written(tmp_path, wanted(), odd)
    assert (result.status, result.failure and result.failure.cause) == (Status.FAILED, Cause.UNREADABLE)
