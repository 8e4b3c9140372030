"""Whatever is sent as a patch: an object comes of it, or a refusal, and nothing is changed in place."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver import patching
from meshglobal.sandbox.apiserver.patching import APPLY, UPDATE, Writer, track
from meshglobal.sandbox.apiserver.patching import apply as server_side
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.schema import schema_for
from tests.sandbox.apiserver.patching.drawn_patches import OBJECTS, OPERATIONS, SPECS, VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = schema_for("v1", "Service")
NOW = "2026-01-01T00:00:00Z"
LIVE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "s", "labels": {"a": "1"}, "finalizers": ["x/y"], "uid": "u"},
    "spec": {"ports": [{"name": "a", "port": 80, "protocol": "TCP"}], "selector": {"a": "1"}, "type": "ClusterIP"},
}


@pytest.mark.parametrize("media_type", [patching.MERGE_PATCH, patching.STRATEGIC_PATCH])
@given(patch=st.one_of(OBJECTS, SPECS, VALUES))
def test_an_object_patch(media_type: str, patch: Any) -> None:
    _check(media_type, patch)


@given(operations=st.lists(OPERATIONS | VALUES, max_size=4))
def test_a_json_patch(operations: list[Any]) -> None:
    _check(patching.JSON_PATCH, operations)


def outcome(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a function returns, or the refusal that it raises; the live object stays as it was."""
    before = copy.deepcopy(LIVE)
    try:
        return function(*arguments, **options)
    except ApiError as refused:
        return refused
    finally:
        assert before == LIVE


def _check(media_type: str, patch: Any) -> None:
    found = outcome(patching.apply_patch, media_type, LIVE, json.dumps(patch).encode(), SERVICE)
    assert isinstance(found, dict) or found.status in (400, 413, 422, 500)


@given(config=st.one_of(OBJECTS, SPECS), force=st.booleans())
def test_an_applied_configuration(config: dict[str, Any], force: bool) -> None:  # noqa: FBT001 - drawn by name
    writer = Writer("m", APPLY, "v1", NOW, ignored=("f:status",))
    found = outcome(server_side.apply, LIVE, config, SERVICE, writer, force=force)
    assert found["metadata"]["name"] if isinstance(found, dict) else found.status in (400, 409, 500)


@given(entries=VALUES)
def test_any_managed_fields_in_what_is_written(entries: Any) -> None:
    new = LIVE | {"metadata": LIVE["metadata"] | {"managedFields": entries}}
    tracked = track(LIVE, new, SERVICE, Writer("m", UPDATE, "v1", NOW))
    assert isinstance(tracked["metadata"].get("managedFields", []), list)


@given(body=st.binary(max_size=20))
def test_any_bytes(body: bytes) -> None:
    for read, wanted in ((patching.read_applied, dict), (patching.read_operations, list)):
        found = outcome(read, body)
        assert isinstance(found, wanted) or found.status == 400
