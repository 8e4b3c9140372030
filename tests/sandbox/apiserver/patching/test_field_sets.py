from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.patching.field_sets import (
    compare,
    decode,
    encode,
    field_set,
    shown,
    with_named_fields,
)
from meshglobal.sandbox.apiserver.schema import schema_for

SERVICE = schema_for("v1", "Service")
ENTRY = schema_for("networking.istio.io/v1", "ServiceEntry")

elements = st.sampled_from(["f:a", "f:b", 'k:{"port":80}', 'v:"x"'])
paths = st.frozensets(st.lists(elements, min_size=1, max_size=4).map(tuple), max_size=8)


def ports(*items: Any) -> Any:
    return {"spec": {"ports": list(items)}}


@given(paths)
def test_fields_v1_says_the_same_there_and_back(found: Any) -> None:
    assert decode(encode(found)) == found


def test_fields_v1_marks_what_is_owned_and_has_owned_fields_inside() -> None:
    found = frozenset({("f:data",), ("f:data", "f:a"), ("f:spec", "f:x")})
    assert encode(found) == {"f:data": {".": {}, "f:a": {}}, "f:spec": {"f:x": {}}}


def test_a_configuration_speaks_about_leaves_list_elements_and_empty_maps() -> None:
    applied = {"metadata": {"labels": {}}, "spec": {"selector": {"app": "x"}, **ports({"port": 80})["spec"]}}
    assert encode(field_set(applied, SERVICE)) == {
        "f:metadata": {"f:labels": {}},
        "f:spec": {"f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}}}, "f:selector": {}},
    }


def test_an_atomic_list_is_one_field() -> None:
    assert field_set({"spec": {"hosts": ["a", "b"]}}, ENTRY) == {("f:spec", "f:hosts")}


def test_an_element_without_its_key_is_refused() -> None:
    with pytest.raises(ValueError, match="omits key field"):
        field_set(ports({"name": "x"}), SERVICE)


def test_a_comparison_lists_added_changed_and_removed_paths_of_all_depths() -> None:
    before = {"metadata": {"labels": {"a": "1"}}, **ports({"port": 80, "name": "x"})}
    after = {"metadata": {"labels": {"a": "2"}, "annotations": {"n": ""}}, **ports()}
    difference = compare(before, after, SERVICE)
    assert difference.changed == {("f:metadata", "f:labels", "f:a")}
    assert difference.added == {("f:metadata", "f:annotations"), ("f:metadata", "f:annotations", "f:n")}
    assert encode(difference.removed) == {
        "f:spec": {"f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:name": {}, "f:port": {}}}}
    }


labels = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"))


@given(labels, labels)
def test_a_comparison_the_other_way_round_is_its_mirror(first: Any, second: Any) -> None:
    forth = compare({"metadata": {"labels": first}}, {"metadata": {"labels": second}}, SERVICE)
    back = compare({"metadata": {"labels": second}}, {"metadata": {"labels": first}}, SERVICE)
    assert (forth.added, forth.changed, forth.removed) == (back.removed, back.changed, back.added)


def test_named_fields_on_the_way_are_added_and_map_keys_are_not() -> None:
    assert with_named_fields(frozenset({("f:metadata", "f:labels", "f:a")}), SERVICE) == {
        ("f:metadata",),
        ("f:metadata", "f:labels"),
        ("f:metadata", "f:labels", "f:a"),
    }


def test_a_path_is_shown_as_messages_show_it() -> None:
    path = ("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name")
    assert shown(path) == '.spec.ports[port=80,protocol="TCP"].name'
    assert shown(("f:metadata", "f:finalizers", 'v:"x"')) == '.metadata.finalizers[="x"]'
