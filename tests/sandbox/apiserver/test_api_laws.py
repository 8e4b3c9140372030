"""Laws of the API as a whole, with the core called directly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.api import Api
from meshglobal.sandbox.apiserver.exchange import Request, Response, WatchStream
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State

_GROUPS = (
    "/api/v1",
    "/apis/apps/v1",
    "/apis/networking.istio.io/v1",
    "/apis/networking.istio.io/v1beta1",
    "/apis/x/v1",
)
_PLURALS = (
    "services",
    "pods",
    "deployments",
    "serviceentries",
    "namespaces",
    "configmaps",
    "nodes",
    "events",
    "gadgets",
)
_NAMES = ("a", "b", "A_B", "default")
_PARTS = ("status", "scale", "log", "exec", "eviction", "finalize", "proxy", "ephemeralcontainers", "no-such")
_TYPES = (
    "application/json", "application/yaml", "application/merge-patch+json", "application/json-patch+json",
    "application/strategic-merge-patch+json", "application/apply-patch+yaml",
    "application/vnd.kubernetes.protobuf", "text/plain", "",
)  # fmt: skip
_ACCEPTS = (
    "application/json", "application/yaml", "text/html", "", "*/*",
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
)  # fmt: skip

_words = st.sampled_from(["", "a", "0", "1", "-1", "true", "x=y", "metadata.name=a", "All", "Warn", "é", "200"])
_parameters = st.sampled_from(
    [
        "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch", "dryRun",
        "fieldManager", "fieldValidation", "force", "gracePeriodSeconds", "includeObject", "container", "tailLines",
        "timeoutSeconds", "propagationPolicy", "pretty",
    ]
)  # fmt: skip
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70000) | st.sampled_from(["", "a", "b", "TCP", "x y"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "ports", "x", "a"]), inner),
    max_leaves=6,
)
_fields = ("apiVersion", "kind", "metadata", "spec", "status", "data", "type")
_objects = st.dictionaries(st.sampled_from(_fields), _values)
_bodies = st.one_of(
    _objects.map(json.dumps),
    st.fixed_dictionaries(
        {"apiVersion": st.just("v1"), "kind": st.sampled_from(["Service", "Pod", "ConfigMap"])},
        optional={
            "metadata": st.fixed_dictionaries({}, optional={"name": st.sampled_from(_NAMES), "labels": _values}),
            "spec": _values,
            "data": _values,
        },
    ).map(json.dumps),
    st.sampled_from(["", "{", "[]", "null", '[{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]', "k8s\0x"]),
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, dict[str, str], dict[str, str], bytes]:
    place = draw(st.sampled_from(["", "/namespaces/default", "/namespaces/gone", "/watch"]))
    parts = [draw(st.sampled_from(_GROUPS)) + place, draw(st.sampled_from(_PLURALS))]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(_NAMES)))
        if draw(st.integers(0, 3)) == 0:
            parts.append(draw(st.sampled_from(_PARTS)))
    method = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]))
    headers = {"content-type": draw(st.sampled_from(_TYPES)), "accept": draw(st.sampled_from(_ACCEPTS))}
    query = draw(st.dictionaries(_parameters, _words, max_size=3))
    return method, "/".join(parts), query, headers, draw(_bodies).encode()


def _api() -> Api:
    state = State("laws")
    LocalClient(state).create("namespaces", {"metadata": {"name": "default"}})
    LocalClient(state).create("serviceaccounts", {"metadata": {"name": "default", "namespace": "default"}})
    return Api(state)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(requests(), min_size=1, max_size=8))
def test_whatever_is_asked_the_api_answers(
    asked: list[tuple[str, str, dict[str, str], dict[str, str], bytes]],
) -> None:
    api = _api()
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
