"""The schema data holds together: every name that one file takes from another is there."""

from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver import defaults, kind_checks, tables, typed_checks
from meshglobal.sandbox.apiserver.cells import CELLS
from meshglobal.sandbox.apiserver.definitions import (
    core,
    custom,
    custom_root,
    definition,
    full_name,
    read_yaml,
    schema_of,
)
from meshglobal.sandbox.apiserver.resources import Catalogue
from meshglobal.sandbox.apiserver.schema import Schema, schema_for

RESOURCES = list(Catalogue())


@pytest.mark.parametrize("name", sorted(core()[1]))
def test_every_definition_can_be_read(name: str) -> None:
    schema = definition(name)
    assert schema.reference == name
    assert all(isinstance(child, Schema) for child in schema.fields.values())


@pytest.mark.parametrize("kind", sorted(custom()))
def test_every_custom_kind_can_be_read_to_its_leaves(kind: str) -> None:
    def leaves(schema: Schema) -> int:
        children = [*schema.fields.values(), *([schema.items] if schema.items else [])]
        return sum(leaves(child) for child in children if not child.reference) or 1

    assert leaves(custom_root(custom()[kind])) > 0
    assert schema_for(*kind.split(" ")).fields["metadata"].reference.endswith("ObjectMeta")


def test_every_stored_kind_has_a_schema() -> None:
    def is_stored(verbs: tuple[str, ...]) -> bool:
        return "get" in verbs and "create" in verbs

    lacking = []
    for resource in RESOURCES:
        try:
            schema_of(resource)
        except KeyError:
            lacking += [resource.key] if is_stored(resource.verbs) else []
    assert lacking == []


def test_validation_names_fields_that_exist() -> None:
    for name, fields in typed_checks.data()["fields"].items():
        assert set(fields) <= set(definition(name).fields), name
        words = [each for checks in fields.values() for each in checks if isinstance(each, str)]
        assert set(words) <= {*typed_checks.CHECKS, "required"}, name


def test_functions_are_registered_for_definitions_that_exist() -> None:
    known = set(core()[1])
    assert set(kind_checks.BY_DEFINITION) <= known
    assert set(defaults._BY_DEFINITION) <= known


def test_protobuf_numbers_name_fields_that_exist() -> None:
    inlined: dict[str, str] = {}
    for name, words in read_yaml("protobuf.yaml").items():
        inlined |= {word[1:]: name for word in words.split() if word.startswith("+")}
    for name, words in read_yaml("protobuf.yaml").items():
        holder = core()[1].get(full_name(name)) or core()[1][full_name(inlined[name])]
        fields = {word for word in words.split() if word != "_" and not word.startswith("+")}
        assert fields <= set(holder["fields"]), name


def test_columns_are_those_of_kinds_and_cells_that_exist() -> None:
    columns: dict[str, list[dict[str, Any]]] = tables._data()
    assert set(columns) <= {resource.key for resource in RESOURCES}
    assert {column["cell"] for found in columns.values() for column in found if "cell" in column} <= set(CELLS)


def test_merge_keys_are_fields_of_the_items() -> None:
    for name in core()[1]:
        for field, schema in definition(name).fields.items():
            if schema.items is not None and schema.items.fields:
                keys = {*schema.list_keys, *([schema.patch_merge_key] if schema.patch_merge_key else [])}
                assert keys <= set(schema.items.fields), f"{name}.{field}"
