import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.patching.merge import merge_patch
from meshglobal.sandbox.apiserver.patching.strategic import strategic_merge
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.schema import schema_for

SERVICE = schema_for("v1", "Service")
DEPLOYMENT = schema_for("apps/v1", "Deployment")


def service(*ports: Any, **spec: Any) -> Any:
    return {"spec": {"ports": list(ports), **spec}}


def ports_after(before: Any, patch: Any) -> Any:
    return strategic_merge(service(*before), {"spec": patch}, SERVICE)["spec"]["ports"]


HTTP = {"name": "http", "port": 9080}
GRPC = {"name": "grpc", "port": 9090}


# The first five are recorded from a real server.
@pytest.mark.parametrize(
    ("before", "patch", "after"),
    [
        ([HTTP, GRPC], {"ports": [{"port": 9080, "targetPort": 8080}]}, [HTTP | {"targetPort": 8080}, GRPC]),
        ([HTTP, GRPC], {"ports": [{"port": 7070}]}, [{"port": 7070}, HTTP, GRPC]),
        ([HTTP, GRPC], {"ports": [{"$patch": "delete", "port": 9090}]}, [HTTP]),
        ([HTTP, GRPC], {"ports": [{"$patch": "replace"}, {"port": 80}]}, [{"port": 80}]),
        (
            [{"port": 80}],
            {"$setElementOrder/ports": [{"port": 81}, {"port": 80}], "ports": [{"port": 81}]},
            [{"port": 81}, {"port": 80}],
        ),
        ([HTTP, GRPC], {"$setElementOrder/ports": [{"port": 9090}, {"port": 9080}]}, [GRPC, HTTP]),
        ([HTTP], {"ports": [{"port": 9080, "name": None}]}, [{"port": 9080}]),
        ([], {"ports": [{"port": 1, "name": None}]}, [{"port": 1}]),
    ],
)
def test_ports_merge_by_their_number(before: Any, patch: Any, after: Any) -> None:
    assert ports_after(before, patch) == after


def test_new_elements_follow_those_that_the_patch_names_before_them() -> Any:
    """Recorded: env A, B patched with B, C gives A, B, C."""

    def env(*pairs: Any) -> Any:
        variables = [{"name": name, "value": value} for name, value in pairs]
        return {"spec": {"template": {"spec": {"containers": [{"name": "app", "env": variables}]}}}}

    before, patch = env(("A", "1"), ("B", "2")), env(("B", "3"), ("C", "4"))
    assert strategic_merge(before, patch, DEPLOYMENT) == env(("A", "1"), ("B", "3"), ("C", "4"))


def test_retain_keys_drops_the_other_keys() -> None:
    before = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert strategic_merge(before, patch, DEPLOYMENT) == {"spec": {"strategy": {"type": "Recreate"}}}


def test_finalizers_merge_as_a_set_and_can_be_deleted_by_value() -> None:
    before = {"metadata": {"finalizers": ["a", "b"]}}
    merged = strategic_merge(before, {"metadata": {"finalizers": ["b", "c"]}}, SERVICE)
    assert sorted(merged["metadata"]["finalizers"]) == ["a", "b", "c"]
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}
    assert strategic_merge(before, patch, SERVICE) == {"metadata": {"finalizers": ["b"]}}


def test_a_directive_replaces_or_empties_a_map() -> None:
    before = {"spec": {"selector": {"app": "x"}, "type": "ClusterIP"}}
    replaced = strategic_merge(before, {"spec": {"selector": {"$patch": "replace", "x": "y"}}}, SERVICE)
    assert replaced == {"spec": {"selector": {"x": "y"}, "type": "ClusterIP"}}
    emptied = strategic_merge(before, {"spec": {"selector": {"$patch": "delete"}}}, SERVICE)
    assert emptied == {"spec": {"selector": {}, "type": "ClusterIP"}}


@pytest.mark.parametrize(
    ("patch", "status", "message"),
    [
        (
            {"ports": [{"name": "nokey"}]},
            500,
            "map: map[name:nokey] does not contain declared merge key: port",
        ),
        ({"ports": [{"$patch": "merge", "port": 1}]}, 422, "unknown patch type found in map: merge"),
        ({"selector": {"$patch": "jump"}}, 422, "unknown patch type found in map: jump"),
        ({"$retainKeys": ["type"], "clusterIP": "x"}, 400, "invalid patch format of retainKeys"),
        ({"$setElementOrder/ports": "x"}, 400, "invalid patch format of setElementOrder list"),
        ({"ports": [1]}, 500, "list element types are not identical"),
    ],
)
def test_a_patch_that_makes_no_sense_is_refused(patch: Any, status: int, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        strategic_merge(service(HTTP, selector={"a": "b"}), {"spec": patch}, SERVICE)
    assert (refused.value.status, refused.value.message) == (status, message)


def test_an_order_that_contradicts_the_patch_is_refused() -> None:
    patch = {"$setElementOrder/ports": [{"port": 1}], "ports": [{"port": 2}]}
    with pytest.raises(ApiError) as refused:
        strategic_merge(service(HTTP), {"spec": patch}, SERVICE)
    assert refused.value.status == 400


numbers = st.lists(st.integers(1, 6), unique=True, max_size=5)
labels = st.dictionaries(st.sampled_from("abc"), st.none() | st.sampled_from("xy"), max_size=3)


def numbered(numbers: list[int], **more: Any) -> Any:
    return [{"port": number, **more} for number in numbers]


@given(numbers, numbers)
def test_merged_ports_are_both_lists_ports_and_the_patch_is_idempotent(before: Any, wanted: Any) -> None:
    start = service(*numbered(before, name="old"))
    patch = service(*numbered(wanted, name="new"))
    untouched = copy.deepcopy((start, patch))
    once = strategic_merge(start, patch, SERVICE)
    names = {port["port"]: port["name"] for port in once["spec"]["ports"]}
    assert names == dict.fromkeys(before, "old") | dict.fromkeys(wanted, "new")
    assert strategic_merge(once, patch, SERVICE) == once
    assert (start, patch) == untouched


@given(numbers, numbers)
def test_each_list_keeps_its_own_order(before: Any, wanted: Any) -> None:
    merged = [port["port"] for port in ports_after(numbered(before), {"ports": numbered(wanted)})]
    assert [each for each in merged if each in wanted] == wanted
    assert [each for each in merged if each not in wanted] == [each for each in before if each not in wanted]


@given(numbers, st.randoms(use_true_random=False))
def test_an_element_order_is_obeyed(before: Any, random: Any) -> None:
    order = random.sample(before, len(before))
    patch = {"$setElementOrder/ports": numbered(order)}
    assert [port["port"] for port in ports_after(numbered(before), patch)] == order


@given(labels, labels)
def test_without_lists_it_is_a_merge_patch(before: Any, wanted: Any) -> None:
    start = {"metadata": {"labels": {key: value for key, value in before.items() if value}}}
    patch = {"metadata": {"labels": wanted}}
    assert strategic_merge(start, patch, SERVICE) == merge_patch(start, patch)
