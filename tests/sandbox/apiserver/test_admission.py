from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.pod_quality import quality_of_service
from meshglobal.sandbox.apiserver.pod_security import violations
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.state import State

_ENFORCE = "pod-security.kubernetes.io/enforce"


def _spec(*, pod: dict[str, Any] | None = None, **container: Any) -> dict[str, Any]:
    return {"containers": [{"name": "c", "image": "i", **container}], **(pod or {})}


_SAFE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.mark.parametrize(
    ("level", "spec", "found"),
    [
        ("privileged", _spec(securityContext={"privileged": True}), ""),
        ("baseline", _spec(), ""),
        ("baseline", _spec(securityContext={"privileged": True}), "privileged"),
        ("baseline", _spec(pod={"hostNetwork": True}), "host namespaces"),
        ("baseline", _spec(pod={"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}), "hostPath"),
        ("baseline", _spec(ports=[{"containerPort": 1, "hostPort": 2}]), "hostPort"),
        ("restricted", _spec(securityContext=_SAFE), ""),
        ("restricted", _spec(), "runAsNonRoot != true"),
        ("restricted", _spec(securityContext=_SAFE | {"capabilities": {}}), "unrestricted capabilities"),
    ],
)
def test_a_level_forbids_what_it_is_about(level: str, spec: dict[str, Any], found: str) -> None:
    said = violations({_ENFORCE: level}, "enforce", spec)
    assert found in said
    assert bool(said) is bool(found)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "1"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, "Guaranteed"),
        ({"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "1Gi"}}, "Burstable"),
    ],
)
def test_a_pods_quality_of_service_follows_from_its_resources(resources: dict[str, Any], expected: str) -> None:
    assert quality_of_service(_spec(resources=resources)) == expected


def _client(**labels: str) -> LocalClient:
    client = LocalClient(State("admission"))
    client.create("namespaces", {"metadata": {"name": "n", "labels": labels}})
    client.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "n"}})
    return client


def _pod(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "p", "namespace": "n"}, "spec": _spec(pod=spec)}


def test_a_pod_gets_its_accounts_token_once_and_tolerations() -> None:
    spec = _client().create("pods", _pod())["spec"]
    assert spec["serviceAccountName"] == "default"
    assert [each["name"] for each in spec["volumes"]] == [spec["containers"][0]["volumeMounts"][0]["name"]]
    assert {each["key"] for each in spec["tolerations"]} == {
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    }


def test_a_pod_that_wants_no_token_gets_none() -> None:
    assert "volumes" not in _client().create("pods", _pod(automountServiceAccountToken=False))["spec"]


def test_a_pod_that_tolerates_everything_is_left_as_it_is() -> None:
    spec = _client().create("pods", _pod(tolerations=[{"operator": "Exists"}]))["spec"]
    assert spec["tolerations"] == [{"operator": "Exists"}]


def test_a_pod_needs_its_account_and_a_namespace_that_allows_it() -> None:
    with pytest.raises(ApiError, match='serviceaccount "gone" not found'):
        _client().create("pods", _pod(serviceAccountName="gone"))
    with pytest.raises(ApiError, match="violates PodSecurity"):
        _client(**{_ENFORCE: "baseline"}).create("pods", _pod(hostNetwork=True))


def test_a_quota_leaves_room_for_so_many() -> None:
    client = _client()
    hard = {"configmaps": "1", "count/deployments.apps": "0"}
    client.create("resourcequotas", {"metadata": {"name": "q", "namespace": "n"}, "spec": {"hard": hard}})
    client.create("configmaps", {"metadata": {"name": "a", "namespace": "n"}})
    with pytest.raises(ApiError, match="exceeded quota: q, requested: configmaps=1, used: configmaps=1"):
        client.create("configmaps", {"metadata": {"name": "b", "namespace": "n"}})
    client.delete("configmaps", "n", "a")
    client.create("configmaps", {"metadata": {"name": "b", "namespace": "n"}})


def test_nothing_is_made_in_a_namespace_that_is_not_there() -> None:
    with pytest.raises(ApiError, match='namespaces "m" not found'):
        _client().create("configmaps", {"metadata": {"name": "a", "namespace": "m"}})
