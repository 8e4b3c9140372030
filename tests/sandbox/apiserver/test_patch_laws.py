"""Whatever patch is sent to whatever object, the API answers with the object or with a Status."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.api import Api
from meshglobal.sandbox.apiserver.exchange import Request, Response
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.state import State
from tests.sandbox.apiserver.manifests import deployment, service, service_entry
from tests.sandbox.apiserver.patching.drawn_patches import OBJECTS, OPERATIONS, SPECS

OBJECTS_BY_RESOURCE = {
    "services": service("a"),
    "configmaps": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "1"}},
    "serviceentries.networking.istio.io": service_entry("a"),
    "deployments.apps": deployment("a"),
    "pods": {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "c", "image": "i"}]},
    },
}
PARTS = {
    "services": ("", "/status"),
    "configmaps": ("",),
    "serviceentries.networking.istio.io": ("", "/status"),
    "deployments.apps": ("", "/status", "/scale"),
    "pods": ("", "/status", "/ephemeralcontainers"),
}
TARGETS = st.sampled_from([(resource, part) for resource, parts in PARTS.items() for part in parts])
KINDS = st.sampled_from(["merge-patch+json", "strategic-merge-patch+json", "json-patch+json", "apply-patch+yaml"])


def inhabited_api() -> Api:
    """An API with an object named `a` of each kind."""
    state = State("laws")
    client = LocalClient(state)
    client.create("namespaces", {"metadata": {"name": "default"}})
    client.create("serviceaccounts", {"metadata": {"name": "default", "namespace": "default"}})
    for resource, obj in OBJECTS_BY_RESOURCE.items():
        placed = copy.deepcopy(obj) | {"metadata": obj["metadata"] | {"namespace": "default"}}
        client.create(resource, placed)
    return Api(state)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TARGETS, KINDS, st.one_of(OBJECTS, SPECS), st.lists(OPERATIONS, max_size=3), st.booleans())
def test_whatever_is_patched_the_api_answers(
    target: tuple[str, str],
    kind: str,
    drawn: dict[str, Any],
    operations: list[Any],
    force: bool,  # noqa: FBT001 - drawn by position
) -> None:
    api = inhabited_api()
    resource, part = target
    obj = OBJECTS_BY_RESOURCE[resource]
    group = f"/apis/{obj['apiVersion']}" if "/" in obj["apiVersion"] else "/api/v1"
    path = f"{group}/namespaces/default/{resource.partition('.')[0]}/a{part}"
    body: Any = operations if kind == "json-patch+json" else drawn
    query = {}
    if kind == "apply-patch+yaml":
        body = drawn | {"apiVersion": obj["apiVersion"], "kind": obj["kind"]}
        query = {"fieldManager": "m", "force": str(force).lower()}
    token = api.accounts.tokens()["admin"]
    headers = {"authorization": f"Bearer {token}", "content-type": f"application/{kind}"}
    answer = api.handle(Request("PATCH", path, query, headers, json.dumps(body).encode()))
    assert isinstance(answer, Response)
    answered = json.loads(answer.body)
    assert answered["kind"] == ("Status" if answer.status != 200 else "Scale" if part == "/scale" else obj["kind"])
    assert answer.status == 200 or answered["code"] == answer.status
