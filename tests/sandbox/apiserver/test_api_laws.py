"""Laws of the API as a whole, with the core called directly."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.api import Api
from meshglobal.sandbox.apiserver.exchange import Request, Response, WatchStream
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State

_SERVED = (
    ("/api/v1", "services"), ("/api/v1", "pods"), ("/api/v1", "configmaps"), ("/apis/apps/v1", "deployments"),
    ("/apis/networking.istio.io/v1", "serviceentries"), ("/apis/networking.istio.io/v1beta1", "serviceentries"),
    ("/api/v1", "namespaces"), ("/api/v1", "events"), ("/apis/gateway.networking.k8s.io/v1", "httproutes"),
)  # fmt: skip
_STRANGE = (("/api/v1", "gadgets"), ("/apis/x/v1", "services"), ("/apis/apps/v9", "deployments"))
_NAMES = ("a", "a", "a", "b", "A_B", "default")
_PARTS = ("status", "scale", "log", "exec", "eviction", "finalize", "proxy", "ephemeralcontainers", "no-such")
_TYPES = {
    "POST": ("application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "text/plain", ""),
    "PATCH": (
        "application/merge-patch+json", "application/json-patch+json", "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
    ),
}  # fmt: skip
_ACCEPTS = (
    "application/json", "application/json", "application/yaml", "text/html", "", "*/*",
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
)  # fmt: skip
_TEMPLATE = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
_VALID: dict[str, dict[str, Any]] = {
    "services": {"spec": {"ports": [{"port": 80, "name": "http", "targetPort": "web"}], "selector": {"app": "a"}}},
    "pods": {"spec": _TEMPLATE["spec"]},
    "configmaps": {"data": {"k": "v"}, "immutable": False},
    "deployments": {"spec": {"replicas": 1, "selector": {"matchLabels": {"app": "a"}}, "template": _TEMPLATE}},
    "serviceentries": {"spec": {"hosts": ["a.org"], "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}]}},
    "namespaces": {},
    "events": {"involvedObject": {"kind": "Pod", "name": "a", "namespace": "default"}, "reason": "R", "type": "Normal"},
    "httproutes": {"spec": {"hostnames": ["a.org"], "rules": [{"backendRefs": [{"name": "a", "port": 80}]}]}},
}
_KINDS = {
    "services": "Service", "pods": "Pod", "configmaps": "ConfigMap", "deployments": "Deployment", "events": "Event",
    "serviceentries": "ServiceEntry", "namespaces": "Namespace", "httproutes": "HTTPRoute",
}  # fmt: skip

_words = st.sampled_from(["", "a", "0", "1", "-1", "true", "x=y", "metadata.name=a", "All", "Strict", "\u00e9", "200"])
_parameters = st.sampled_from(
    [
        "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch", "dryRun",
        "fieldManager", "fieldValidation", "force", "gracePeriodSeconds", "includeObject", "container", "tailLines",
        "timeoutSeconds", "propagationPolicy", "pretty", "watch",
    ]
)  # fmt: skip
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70000) | st.sampled_from(["", "a", "b", "TCP", "x y", 1.5]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "ports", "x", "a"]), inner),
    max_leaves=6,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with every key that it has."""
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    found = [(value, key) for key, _ in pairs]
    for _, inner in pairs:
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


@st.composite
def _objects(draw: st.DrawFn, group: str, plural: str, name: str) -> dict[str, Any]:
    """A valid object with, now and then, something else in a place or two."""
    labels = draw(st.sampled_from([{}, {"a": "b"}, {"a": "not valid"}]))
    version = group.split("/", 2)[2] if group.startswith("/apis/") else "v1"
    obj: dict[str, Any] = {"apiVersion": version, "kind": _KINDS.get(plural, "Gadget")}
    obj |= {"metadata": {"name": name, "labels": labels}, **copy.deepcopy(_VALID.get(plural, {}))}
    for _ in range(draw(st.integers(0, 2))):
        container, key = draw(st.sampled_from(_places(obj)))
        container[key] = draw(_values)
    return obj


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, str], dict[str, str], bytes]:
    group, plural = draw(st.sampled_from([*_SERVED, *_SERVED, *_STRANGE]))
    method = draw(st.sampled_from(["GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD"]))
    name = draw(st.sampled_from(_NAMES))
    place = "" if plural == "namespaces" else draw(st.sampled_from(["/namespaces/default"] * 4 + ["", "/watch"]))
    parts = [group + place, plural]
    if method in ("PUT", "PATCH") or (method != "POST" and draw(st.booleans())):
        parts.append(name)
    if len(parts) > 2 and draw(st.integers(0, 3)) == 0:
        parts.append(draw(st.sampled_from(_PARTS)))
    types = _TYPES.get(method, _TYPES["POST"])
    media = draw(st.sampled_from([types[0]] * 3 + list(types)))
    headers = {"content-type": media, "accept": draw(st.sampled_from(_ACCEPTS))}
    query = draw(st.dictionaries(_parameters, _words, max_size=2))
    body = json.dumps(draw(_objects(group, plural, name)))
    if media == "application/json-patch+json":
        operation = {"op": draw(st.sampled_from(["add", "remove", "replace", "test", "copy"])), "value": draw(_values)}
        path = draw(
            st.sampled_from(["/spec", "/metadata/labels/x", "/spec/ports/0", "/metadata/name", "", "/spec/x/y"])
        )
        body = json.dumps([operation | {"path": path, "from": "/metadata"}])
    garbled = draw(st.sampled_from([None] * 9 + ["", "{", "[]", "null", "k8s\0x", "a: [", "{}"]))
    return method, "/".join(parts), query, headers, (body if garbled is None else garbled).encode()


def _api() -> Api:
    state = State("laws")
    LocalClient(state).create("namespaces", {"metadata": {"name": "default"}})
    LocalClient(state).create("serviceaccounts", {"metadata": {"name": "default", "namespace": "default"}})
    return Api(state)


def _inhabited_api() -> Api:
    """An API with an object named `a` of each namespaced kind."""
    api = _api()
    for resource in ("services", "pods", "configmaps", "deployments.apps", "serviceentries.networking.istio.io"):
        spec = copy.deepcopy(_VALID[resource.partition(".")[0]])
        LocalClient(api.state).create(resource, {"metadata": {"name": "a", "namespace": "default"}, **spec})
    return api


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(requests(), min_size=1, max_size=8))
def test_whatever_is_asked_the_api_answers(
    asked: list[tuple[str, str, dict[str, str], dict[str, str], bytes]],
) -> None:
    api = _inhabited_api()
    token = {"authorization": f"Bearer {api.accounts.tokens()['admin']}"}
    for method, path, query, headers, body in asked:
        answer = api.handle(Request(method, path, query, headers | token, body))
        if isinstance(answer, WatchStream):
            answer.close()
            continue
        assert 200 <= answer.status < 600
        if answer.status >= 400 and answer.content_type == "application/json":
            assert json.loads(answer.body)["code"] == answer.status


def _ask(api: Api, method: str, path: str, **query: str) -> Any:
    token = {"authorization": f"Bearer {api.accounts.tokens()['admin']}"}
    answer = api.handle(Request(method, path, query, token))
    assert isinstance(answer, Response)
    assert answer.status == 200
    return json.loads(answer.body)


_writes = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=6)


@settings(deadline=None)
@given(_writes, st.integers(1, 4), st.lists(_writes, max_size=5))
def test_pages_show_one_moment_whatever_happens_between_them(
    before: list[tuple[str, bool]], limit: int, between: list[list[tuple[str, bool]]]
) -> None:
    api = _api()
    client = LocalClient(api.state)
    _write(client, before)
    path = "/api/v1/namespaces/default/configmaps"
    whole = [each["metadata"]["name"] for each in _ask(api, "GET", path)["items"]]
    paged: list[str] = []
    token = ""
    for writes in [*between, *[[]] * 10]:
        query = {"limit": str(limit)} | ({"continue": token} if token else {})
        page = _ask(api, "GET", path, **query)
        paged += [each["metadata"]["name"] for each in page["items"]]
        token = page["metadata"].get("continue", "")
        if not token:
            break
        _write(client, writes)
    assert paged == whole


def _write(client: LocalClient, writes: list[tuple[str, bool]]) -> None:
    for name, is_removal in writes:
        present = client.get("configmaps", "default", name)
        if is_removal and present:
            client.delete("configmaps", "default", name)
        elif not present:
            client.create("configmaps", {"metadata": {"name": name, "namespace": "default"}})


@pytest.mark.parametrize("kind", ["services", "configmaps", "serviceentries.networking.istio.io"])
def test_a_write_that_changes_nothing_takes_no_version(kind: str) -> None:
    client = LocalClient(_api().state)
    spec = {"ports": [{"port": 80}]} if kind == "services" else {"hosts": ["a.example.com"]}
    made = client.create(kind, {"metadata": {"name": "a", "namespace": "default"}, "spec": spec})
    again = client.replace(kind, made)
    assert again["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]
