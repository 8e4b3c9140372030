from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.resources import Catalogue
from meshglobal.sandbox.apiserver.selectors import matcher, parse_labels, selects

SERVICES = Catalogue().by_key("services")


def _matches(selector: str, labels: dict[str, str]) -> bool:
    return all(requirement.holds(labels) for requirement in parse_labels(selector))


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        ("a=b", {"a": "b"}, True),
        ("a==b", {"a": "c"}, False),
        ("a!=b", {}, True),
        ("a in (b, c)", {"a": "c"}, True),
        ("a notin (b,c)", {"a": "c"}, False),
        ("a", {"a": ""}, True),
        ("!a", {"a": ""}, False),
        ("a=", {"a": ""}, True),
        ("a=", {}, False),
        ("x.io/n=1,!y", {"x.io/n": "1"}, True),
        ("n>3", {"n": "4"}, True),
        ("n<3", {"n": "4"}, False),
        ("n>3", {"n": "many"}, False),
        ("", {}, True),
    ],
)
def test_a_label_selector_picks_what_it_says(selector: str, labels: dict[str, str], *, expected: bool) -> None:
    assert _matches(selector, labels) is expected


@pytest.mark.parametrize("selector", ["a b", "=a", "a in b", "a in (b", "a===b", "a,", ",", "-a=b", "a/b/c=d", "!a=b"])
def test_a_selector_that_cannot_be_read_is_refused(selector: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_labels(selector)
    assert refused.value.status == 400


words = st.text("abcxyz019", min_size=1, max_size=5)


@given(st.dictionaries(words, words), words, words)
def test_a_requirement_and_its_opposite_share_nothing_and_leave_nothing_out(
    labels: dict[str, str], key: str, value: str
) -> None:
    assert _matches(f"{key}={value}", labels) != _matches(f"{key}!={value}", labels)
    assert _matches(f"{key} in ({value},x)", labels) != _matches(f"{key} notin ({value},x)", labels)
    assert _matches(key, labels) != _matches(f"!{key}", labels)


@given(st.dictionaries(words, words), st.lists(words, min_size=1, max_size=3), words)
def test_matching_labels_of_a_selector_object_are_those_of_the_same_text(
    labels: dict[str, str], values: list[str], key: str
) -> None:
    expressions: dict[str, Any] = {"matchExpressions": [{"key": key, "operator": "NotIn", "values": values}]}
    assert selects(expressions, labels) == _matches(f"{key} notin ({','.join(values)})", labels)


def test_an_empty_selector_object_picks_everything_and_none_nothing() -> None:
    assert selects({}, {"a": "b"})
    assert not selects(None, {"a": "b"})


def test_a_field_selector_compares_what_the_resource_offers() -> None:
    picks = matcher("", "metadata.name!=a,spec.type=ClusterIP", SERVICES)
    assert picks is not None
    assert picks({"metadata": {"name": "b"}, "spec": {"type": "ClusterIP"}})
    assert not picks({"metadata": {"name": "a"}, "spec": {"type": "ClusterIP"}})
    with pytest.raises(ApiError):
        matcher("", "spec.sessionAffinity=None", SERVICES)


def test_no_selector_needs_no_matcher() -> None:
    assert matcher("", "", SERVICES) is None
