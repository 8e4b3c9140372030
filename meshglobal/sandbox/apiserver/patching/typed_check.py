"""What server-side apply demands of a configuration before it looks at owners: that the schema knows all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshglobal.sandbox.apiserver.objects import JSON, metadata
from meshglobal.sandbox.apiserver.patching.field_sets import compact, element_of, shown
from meshglobal.sandbox.apiserver.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshglobal.sandbox.apiserver.schema import Schema

_SHAPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "map": (dict,), "list": (list,), "string": (str,), "boolean": (bool,),
    "integer": (int,), "number": (int, float),
}  # fmt: skip
_EXPECTED = {"object": "map", "integer": "numeric (int or float)", "number": "numeric (int or float)"}


def check(config: JSON, schema: Schema | None) -> None:
    """Refuse a configuration with undeclared fields, wrong shapes or doubled list keys: ApiError 500, as recorded."""
    problems = list(_problems("", config, schema))
    if not problems:
        return
    text = problems[0] if len(problems) == 1 else "errors:\n" + "\n".join(f"  {each}" for each in problems)
    identity = f"/{metadata(config).get('name', '')}; {_group_version_kind(config)}"
    raise ApiError(500, "", f"failed to create typed patch object ({identity}): {text}")


def _group_version_kind(config: JSON) -> str:
    version = str(config.get("apiVersion", ""))
    return f"{version if '/' in version else '/' + version}, Kind={config.get('kind', '')}"


def _problems(path: str, value: Any, schema: Schema | None) -> Iterator[str]:
    if schema is None or value is None:
        return
    if not _fits(value, schema):
        expected = _EXPECTED.get(schema.type, schema.type)
        yield f"{path}: expected {expected}, got &{{{compact(value)}}}"
    elif isinstance(value, dict):
        yield from _inside_map(path, value, schema)
    elif isinstance(value, list):
        yield from _inside_list(path, value, schema)


def _fits(value: Any, schema: Schema) -> bool:
    shapes = _SHAPES.get(schema.type)
    return shapes is None or (isinstance(value, shapes) and (bool in shapes or not isinstance(value, bool)))


def _inside_map(path: str, value: JSON, schema: Schema) -> Iterator[str]:
    is_open = schema.type != "object" or schema.items is not None or schema.preserves_unknown
    for name, each in value.items():
        if name in schema.fields or is_open:
            yield from _problems(f"{path}.{name}", each, schema.fields.get(name) or schema.items)
        else:
            yield f"{path}.{name}: field not declared in schema"


def _inside_list(path: str, value: list[Any], schema: Schema) -> Iterator[str]:
    seen: set[str] = set()
    for index, each in enumerate(value):
        yield from _problems(f"{path}[{index}]", each, schema.items)
        if schema.list_type == "atomic":
            continue
        try:
            element = element_of(each, schema)
        except ValueError as keyless:
            yield f"{path}: element {index}: {keyless}"
            continue
        if element in seen:
            yield f"{path}: duplicate entries for key {shown((element,))}"
        seen.add(element)
