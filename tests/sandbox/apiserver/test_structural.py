"""Custom kinds: pruning, defaults, limits and rules, from a CustomResourceDefinition's schema."""

from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver import defaults
from meshglobal.sandbox.apiserver.structural import from_open_api, pruned
from meshglobal.sandbox.apiserver.structural_checks import check

TEXT = {"type": "string"}


def schema(**properties: Any) -> Any:
    return from_open_api({"type": "object", "properties": properties})


def problems(node: dict[str, Any], new: Any, old: Any = None) -> list[tuple[str, str]]:
    before = None if old is None else {"it": old}
    return [(cause.reason, cause.field) for cause in check(schema(it=node), {"it": new}, before, [])]


def test_unknown_fields_are_pruned_at_every_depth_but_where_they_are_kept() -> None:
    kept = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"a": TEXT}}
    found = schema(
        spec={"type": "object", "properties": {"list": {"type": "array", "items": schema_node()}}}, free=kept
    )
    value = {"spec": {"list": [{"a": "1", "b": 2}], "gone": 1}, "free": {"a": "1", "b": {"c": 3}}, "other": 1}
    assert pruned(found, value) == {"spec": {"list": [{"a": "1"}]}, "free": {"a": "1", "b": {"c": 3}}}


def schema_node() -> dict[str, Any]:
    return {"type": "object", "properties": {"a": TEXT}}


def test_null_is_kept_where_it_may_be() -> None:
    found = schema(may={"type": "string", "nullable": True}, mustnt=TEXT)
    assert pruned(found, {"may": None, "mustnt": None}) == {"may": None}


def test_defaults_are_filled_in_all_the_way_down_and_are_not_shared() -> None:
    inner = {"type": "object", "default": {}, "properties": {"on": {"type": "boolean", "default": True}}}
    found = schema(inner=inner, names={"type": "array", "items": TEXT, "default": []})
    one: dict[str, Any] = {}
    two: dict[str, Any] = {}
    defaults.fill(found, one)
    defaults.fill(found, two)
    one["names"].append("x")
    assert two == {"inner": {"on": True}, "names": []}


@pytest.mark.parametrize(
    ("node", "value", "reason"),
    [
        (TEXT, 1, "FieldValueTypeInvalid"),
        ({"type": "integer"}, True, "FieldValueTypeInvalid"),
        ({"type": "array", "items": TEXT}, "a", "FieldValueTypeInvalid"),
        (TEXT | {"enum": ["a", "b"]}, "c", "FieldValueNotSupported"),
        (TEXT | {"maxLength": 1}, "ab", "FieldValueTooLong"),
        (TEXT | {"minLength": 1}, "", "FieldValueInvalid"),
        (TEXT | {"pattern": "^a$"}, "b", "FieldValueInvalid"),
        ({"type": "integer", "maximum": 3}, 4, "FieldValueInvalid"),
        ({"type": "integer", "minimum": 3}, 2, "FieldValueInvalid"),
        ({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, 3, "FieldValueInvalid"),
        ({"type": "integer", "maximum": 3, "exclusiveMaximum": True}, 3, "FieldValueInvalid"),
        ({"type": "integer", "multipleOf": 3}, 4, "FieldValueInvalid"),
        ({"type": "array", "items": TEXT, "maxItems": 1}, ["a", "b"], "FieldValueTooMany"),
        ({"type": "array", "items": TEXT, "minItems": 1}, [], "FieldValueInvalid"),
        ({"type": "object", "additionalProperties": TEXT, "maxProperties": 0}, {"a": "b"}, "FieldValueTooMany"),
        ({"x-kubernetes-int-or-string": True}, [], "FieldValueTypeInvalid"),
    ],
)
def test_each_limit_is_held(node: dict[str, Any], value: Any, reason: str) -> None:
    assert problems(node, value) == [(reason, "it")]


@pytest.mark.parametrize("value", [80, "http"])
def test_a_port_is_a_number_or_a_name(value: Any) -> None:
    assert problems({"x-kubernetes-int-or-string": True}, value) == []


def test_items_and_required_fields_are_named_by_their_path() -> None:
    node = {"type": "array", "items": schema_node() | {"required": ["a"]}}
    assert problems(node, [{"a": "x"}, {}]) == [("FieldValueRequired", "it[1].a")]


def test_a_list_map_has_each_key_once() -> None:
    node = {
        "type": "array",
        "items": schema_node(),
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["a"],
    }
    assert problems(node, [{"a": "x"}, {"a": "y"}, {"a": "x"}]) == [("FieldValueDuplicate", "it[2]")]


RULE = {"rule": "self.size() < 3 || self.matches('^a+$')", "message": "must be short, or nothing but a"}


@pytest.mark.parametrize(("value", "is_fine"), [("xy", True), ("aaaa", True), ("xyz", False)])
def test_a_rule_is_asked(value: str, is_fine: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert problems(TEXT | {"x-kubernetes-validations": [RULE]}, value) == (
        [] if is_fine else [("FieldValueInvalid", "it")]
    )


def test_a_rule_about_the_old_value_is_asked_of_changes_only() -> None:
    node = TEXT | {"x-kubernetes-validations": [{"rule": "self == oldSelf", "reason": "FieldValueForbidden"}]}
    assert problems(node, "b") == []
    assert problems(node, "b", "b") == []
    assert problems(node, "b", "a") == [("FieldValueForbidden", "it")]


def test_rules_with_one_expression_keep_their_own_messages() -> None:
    def told(message: str) -> list[str]:
        node = TEXT | {"x-kubernetes-validations": [{"rule": "self == 'x'", "message": message}]}
        return [cause.message for cause in check(schema(it=node), {"it": "y"}, None, [])]

    assert told("first") == ['Invalid value: "y": first']
    assert told("second") == ['Invalid value: "y": second']


def test_a_rule_may_word_its_message_by_the_value() -> None:
    def told(expression: str) -> list[str]:
        rule = {"rule": "self != 'y'", "messageExpression": expression, "message": "plain"}
        found = check(schema(it=TEXT | {"x-kubernetes-validations": [rule]}), {"it": "y"}, None, [])
        return [cause.message for cause in found]

    assert told("'not ' + self") == ['Invalid value: "y": not y']
    assert told("self.nothing") == ['Invalid value: "y": plain']


def test_a_field_named_like_a_word_of_the_language_is_escaped() -> None:
    node = {"type": "object", "properties": {"namespace": TEXT}}
    rule = {"rule": "has(self.__namespace__) && self.__namespace__ == 'a'", "message": "namespace must be a"}
    assert problems(node | {"x-kubernetes-validations": [rule]}, {"namespace": "a"}) == []
    assert problems(node | {"x-kubernetes-validations": [rule]}, {"namespace": "b"}) == [("FieldValueInvalid", "it")]


def test_what_kubernetes_adds_to_the_language_is_there() -> None:
    rule = {"rule": "self.split('/')[0].size() < 3 && self.substring(0, 1) == 'a'", "message": "no"}
    assert problems(TEXT | {"x-kubernetes-validations": [rule]}, "ab/cdef") == []
    assert problems(TEXT | {"x-kubernetes-validations": [rule]}, "abcdef") == [("FieldValueInvalid", "it")]


def test_rules_are_put_off_while_types_are_wrong() -> None:
    node = {"type": "object", "properties": {"n": {"type": "integer"}}, "x-kubernetes-validations": [RULE]}
    assert problems(node, {"n": "x"}) == [("FieldValueTypeInvalid", "it.n"), ("FieldValueInvalid", "<nil>")]


ONE_OF = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}


@pytest.mark.parametrize(
    ("stated", "value", "is_fine"),
    [
        (ONE_OF, {"a": 1}, True),
        (ONE_OF, {"a": 1, "b": 1}, False),
        (ONE_OF, {}, False),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}, True),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, False),
        ({"not": {"required": ["a", "b"]}}, {"a": 1}, True),
        ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 1}, False),
        ({"allOf": [{"properties": {"a": {"minimum": 2}}}, ONE_OF]}, {"a": 2}, True),
        ({"allOf": [{"properties": {"a": {"minimum": 2}}}, ONE_OF]}, {"a": 1}, False),
    ],
)
def test_forms_exclude_one_another(stated: dict[str, Any], value: Any, is_fine: bool) -> None:  # noqa: FBT001 - drawn
    number = {"type": "integer"}
    node = {"type": "object", "properties": {"a": number, "b": number}} | stated
    assert problems(node, value) == ([] if is_fine else [("FieldValueInvalid", "it")])


def test_an_object_inside_keeps_its_type_and_metadata() -> None:
    node = {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {"type": "object"}}}
    value = {"it": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {}, "gone": 1}}
    assert pruned(schema(it=node), value)["it"].keys() == {"apiVersion", "kind", "metadata", "spec"}
