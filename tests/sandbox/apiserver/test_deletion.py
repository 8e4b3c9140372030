from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from meshglobal.sandbox.apiserver import deletion
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.objects import JSON, fresh
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.state import State

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.store import Entry


@pytest.fixture
def client() -> LocalClient:
    local = LocalClient(State("deletion"))
    local.create("namespaces", {"metadata": {"name": "n"}})
    local.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "n"}})
    return local


def _map(client: LocalClient, **metadata: Any) -> JSON:
    return client.create("configmaps", {"metadata": {"name": "c", "namespace": "n", **metadata}})


def _delete(client: LocalClient, resource: str, name: str, **options: Any) -> Entry:
    state = client._state
    return deletion.delete(state, state.catalogue.by_key(resource), ("n", name), deletion.Options(**options))


def test_what_nothing_holds_goes_at_once_with_a_version_of_its_own(client: LocalClient) -> None:
    made = _map(client)
    gone = _delete(client, "configmaps", "c")
    assert client.get("configmaps", "n", "c") is None
    assert gone.version > int(made["metadata"]["resourceVersion"])


def test_finalizers_hold_an_object_until_the_last_is_taken_out(client: LocalClient) -> None:
    _map(client, finalizers=["x.io/a", "x.io/b"])
    events: list[str] = []
    client.subscribe("configmaps", lambda kind, _: events.append(kind))
    client.delete("configmaps", "n", "c")
    for left in (["x.io/b"], []):
        marked = fresh(client.get("configmaps", "n", "c") or {})
        assert marked["metadata"]["deletionTimestamp"]
        marked["metadata"]["finalizers"] = left
        client.replace("configmaps", marked)
    assert client.get("configmaps", "n", "c") is None
    assert events == ["ADDED", "MODIFIED", "MODIFIED", "DELETED"]


def test_deleting_again_changes_nothing(client: LocalClient) -> None:
    _map(client, finalizers=["x.io/a"])
    first = _delete(client, "configmaps", "c")
    assert _delete(client, "configmaps", "c") is first


@pytest.mark.parametrize("condition", [{"uid": "another"}, {"version": "1"}], ids=["uid", "version"])
def test_a_precondition_that_does_not_hold_keeps_the_object(client: LocalClient, condition: dict[str, str]) -> None:
    _map(client)
    with pytest.raises(ApiError) as refused:
        _delete(client, "configmaps", "c", **condition)
    assert refused.value.status == 409
    assert client.get("configmaps", "n", "c")


def test_a_dry_run_deletes_nothing(client: LocalClient) -> None:
    _map(client)
    _delete(client, "configmaps", "c", is_dry_run=True)
    assert client.get("configmaps", "n", "c")


@pytest.mark.parametrize(("policy", "finalizer"), [("Orphan", "orphan"), ("Foreground", "foregroundDeletion")])
def test_a_propagation_policy_leaves_the_object_to_the_garbage_collector(
    client: LocalClient, policy: str, finalizer: str
) -> None:
    _map(client)
    marked = _delete(client, "configmaps", "c", policy=policy)
    assert marked.obj["metadata"]["finalizers"] == [finalizer]
    assert client.get("configmaps", "n", "c")


def _pod(client: LocalClient, **spec: Any) -> None:
    containers = [{"name": "c", "image": "i"}]
    client.create("pods", {"metadata": {"name": "p", "namespace": "n"}, "spec": {"containers": containers, **spec}})


def test_a_pod_on_a_node_is_given_its_grace_period_which_can_be_cut_short(client: LocalClient) -> None:
    _pod(client, nodeName="node", terminationGracePeriodSeconds=7)
    assert _delete(client, "pods", "p").obj["metadata"]["deletionGracePeriodSeconds"] == 7
    assert client.get("pods", "n", "p")
    _delete(client, "pods", "p", grace=0)
    assert client.get("pods", "n", "p") is None


def test_a_pod_on_no_node_goes_at_once(client: LocalClient) -> None:
    _pod(client)
    gone = _delete(client, "pods", "p")
    assert gone.obj["metadata"]["deletionGracePeriodSeconds"] == 0
    assert client.get("pods", "n", "p") is None


def test_a_namespace_stays_while_it_has_its_finalizer_and_takes_nothing_new(client: LocalClient) -> None:
    client.delete("namespaces", None, "n")
    namespace = client.get("namespaces", None, "n")
    assert namespace is not None
    assert namespace["status"]["phase"] == "Terminating"
    with pytest.raises(ApiError, match="being terminated"):
        _map(client)
    client.replace("namespaces", namespace | {"spec": {"finalizers": []}}, "finalize")
    assert client.get("namespaces", None, "n") is None
