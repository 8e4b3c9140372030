import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.patching.json_patch import MOST_OPERATIONS, json_patch
from meshglobal.sandbox.apiserver.problems import ApiError

keys = st.sampled_from(["a", "b", "x/y", "m~n", ""])
values = st.integers(-3, 3) | st.booleans() | st.text(max_size=2)
documents = st.dictionaries(keys, values, max_size=4)


def pointer(key: str) -> Any:
    return "/" + key.replace("~", "~0").replace("/", "~1")


# Appendix A of RFC 6902, but for what the API server does otherwise.
@pytest.mark.parametrize(
    ("target", "operations", "result"),
    [
        ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
        ({"foo": [1, 3]}, [{"op": "add", "path": "/foo/1", "value": 2}], {"foo": [1, 2, 3]}),
        ({"foo": [1]}, [{"op": "add", "path": "/foo/-", "value": [2]}], {"foo": [1, [2]]}),
        ({"foo": [1, 2]}, [{"op": "add", "path": "/foo/2", "value": 3}], {"foo": [1, 2, 3]}),
        ({"baz": 1, "foo": 2}, [{"op": "remove", "path": "/baz"}], {"foo": 2}),
        ({"foo": [1, 2, 3]}, [{"op": "remove", "path": "/foo/1"}], {"foo": [1, 3]}),
        ({"baz": 1}, [{"op": "replace", "path": "/baz", "value": 2}], {"baz": 2}),
        (
            {"foo": {"bar": 1, "waldo": 2}, "qux": {}},
            [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
            {"foo": {"bar": 1}, "qux": {"thud": 2}},
        ),
        ({"foo": [1, 2, 3, 4]}, [{"op": "move", "from": "/foo/1", "path": "/foo/3"}], {"foo": [1, 3, 4, 2]}),
        ({"foo": 1}, [{"op": "test", "path": "/foo", "value": 1}], {"foo": 1}),
        ({"foo": 1}, [{"op": "add", "path": "/child", "value": {"a": {}}}], {"foo": 1, "child": {"a": {}}}),
        ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
        ({"a": 1}, [{"op": "replace", "path": "", "value": {"b": 2}}], {"b": 2}),
        ({"a": [1]}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": [1], "b": [1]}),
    ],
)
def test_the_examples_of_the_rfc_hold(target: Any, operations: Any, result: Any) -> None:
    assert json_patch(target, operations) == result


@pytest.mark.parametrize(
    ("target", "operations", "result"),
    [
        ({}, [{"op": "replace", "path": "/a", "value": 1}], {"a": 1}),
        ({"a": [1, 2]}, [{"op": "remove", "path": "/a/-1"}], {"a": [1]}),
        ({}, [{"op": "test", "path": "/a", "value": None}], {}),
    ],
    ids=["replace adds what is missing", "a negative index counts from the end", "what is missing tests as null"],
)
def test_it_deviates_from_the_rfc_as_the_api_server_does(target: Any, operations: Any, result: Any) -> None:
    assert json_patch(target, operations) == result


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "jump", "path": "/a"},
        {"op": "remove", "path": "/nosuch"},
        {"op": "add", "path": "/nosuch/x", "value": 1},
        {"op": "add", "path": "/list/5", "value": 1},
        {"op": "add", "path": "/list/x", "value": 1},
        {"op": "add", "path": "/a"},
        {"op": "add", "path": "a", "value": 1},
        {"op": "add", "path": "/a/b", "value": 1},
        {"op": "test", "path": "/a", "value": "2"},
        {"op": "test", "path": "/true", "value": 1},
        {"op": "move", "path": "/b", "from": "/nosuch"},
        {"op": "copy", "path": "/b"},
        {"path": "/b"},
    ],
)
def test_what_cannot_be_done_is_refused_with_422_and_one_sentence(operation: Any) -> None:
    with pytest.raises(ApiError) as refused:
        json_patch({"a": 1, "list": [1], "true": True}, [operation])
    assert refused.value.status == 422
    assert refused.value.message == "the server rejected our request due to an error in our request"


def test_too_many_operations_are_refused_with_413() -> None:
    with pytest.raises(ApiError) as refused:
        json_patch({}, [{"op": "add", "path": "/a", "value": 1}] * (MOST_OPERATIONS + 1))
    assert refused.value.status == 413


def test_a_copied_value_is_not_shared() -> None:
    operations = [
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "add", "path": "/b/x", "value": 1},
    ]
    assert json_patch({"a": {}}, operations) == {"a": {}, "b": {"x": 1}}


@given(documents, keys, values)
def test_what_was_added_tests_true_and_goes_again(document: Any, key: str, value: Any) -> None:
    before = copy.deepcopy(document)
    path = pointer(key)
    added = json_patch(
        document, [{"op": "add", "path": path, "value": value}, {"op": "test", "path": path, "value": value}]
    )
    assert added == before | {key: value}
    gone = json_patch(added, [{"op": "remove", "path": path}])
    assert gone == {name: each for name, each in before.items() if name != key}
    assert document == before


@given(documents, keys, keys, values)
def test_a_move_is_a_copy_and_a_removal(document: Any, source: Any, target: Any, value: Any) -> None:
    start = document | {source: value}
    moved = json_patch(start, [{"op": "move", "from": pointer(source), "path": pointer(target)}])
    other = {name: each for name, each in start.items() if name != source}
    assert moved == other | {target: value}
