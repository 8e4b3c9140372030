"""YAML as it stands in manifests: documents of maps, lists and scalars, each with the line where it begins.

Built from the parser's events without recursion, so that hostile files end in an error: nesting is bounded, and so is
what aliases stand for. There are no tags but those of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from meshglobal.files.places import Document, IllegibleError
from meshglobal.files.scalars import scalar_of

MOST_NESTED = 200
MOST_ALIASED = 100_000
_LINED = 3  # the document, its items, each item
_MERGE = "<<"
_UNTAGGED = (None, "", "!")
_TEXT, _MAP, _LIST = (f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq"))
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))


@dataclass(slots=True)
class _Open:
    """A map or list that is being read. ``key``: a map's key that waits for its value; ``size``: of all within."""

    content: dict[str, Any] | list[Any]
    line: int
    anchor: str | None = None
    key: str | None = None
    is_keyed: bool = False
    size: int = 1

    def take(self, value: Any, line: int) -> None:
        """The next key or value."""
        if isinstance(self.content, list):
            self.content.append(value)
        elif self.is_keyed:
            _put(self.content, self.key or "", value, line)
            self.is_keyed = False
        else:
            self.key, self.is_keyed = _key_of(value, line), True


@dataclass(slots=True)
class _Builder:
    """The state of one document."""

    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    root: Any = None
    aliased: int = 0

    def begin(self, content: dict[str, Any] | list[Any], anchor: str | None, line: int) -> None:
        if len(self.stack) >= MOST_NESTED:
            raise IllegibleError(line, f"nested more than {MOST_NESTED} deep")
        if len(self.stack) < _LINED:
            self.lines[id(content)] = line
        if anchor is not None:
            self.anchors.pop(anchor, None)
        self.stack.append(_Open(content, line, anchor))

    def end(self, line: int) -> None:
        done = self.stack.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.content, done.size)
        self.place(done.content, done.size, line)

    def alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            raise IllegibleError(line, f"alias *{name} stands for nothing that is complete before it")
        value, size = self.anchors[name]
        self.aliased += size
        if self.aliased > MOST_ALIASED:
            raise IllegibleError(line, f"aliases stand for more than {MOST_ALIASED} values")
        self.place(value, size, line)

    def scalar(self, value: Any, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, 1)
        self.place(value, 1, line)

    def place(self, value: Any, size: int, line: int) -> None:
        if not self.stack:
            self.root = value
            return
        self.stack[-1].size += size
        self.stack[-1].take(value, line)


def yaml_documents(data: bytes) -> Iterator[Document]:
    """The documents that hold something, in order.

    Raises:
        IllegibleError: no YAML, or more than a manifest needs.
    """
    import yaml

    try:
        yield from _built(yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise IllegibleError(line, f"not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise IllegibleError(1, "not a text file in YAML") from error


def _built(events: Iterator[Any]) -> Iterator[Document]:
    import yaml

    builder = _Builder()
    for event in events:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                builder = _Builder()
            case yaml.ScalarEvent():
                builder.scalar(_value(event, line), event.anchor, line)
            case yaml.MappingStartEvent():
                _check_tag(event.tag, _MAP, line)
                builder.begin({}, event.anchor, line)
            case yaml.SequenceStartEvent():
                _check_tag(event.tag, _LIST, line)
                builder.begin([], event.anchor, line)
            case yaml.AliasEvent():
                builder.alias(str(event.anchor), line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                builder.end(line)
            case yaml.DocumentEndEvent() if builder.root is not None:
                yield Document(builder.root, builder.lines.get(id(builder.root), line), builder.lines)


def _value(event: Any, line: int) -> Any:
    is_plain = event.implicit[0] and event.tag in (None, "")
    if is_plain or event.tag in _PLAIN_TAGS:
        return scalar_of(event.value)
    _check_tag(event.tag, _TEXT, line)
    return event.value


def _check_tag(tag: str | None, natural: str, line: int) -> None:
    if tag not in (*_UNTAGGED, natural):
        raise IllegibleError(line, f"the tag {tag} means nothing in a manifest")


def _key_of(value: Any, line: int) -> str:
    """As JSON has it: a key is text."""
    if isinstance(value, (dict, list)):
        raise IllegibleError(line, "a key must be text")
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _put(content: dict[str, Any], key: str, value: Any, line: int) -> None:
    """Set a key; ``<<`` brings the keys of other maps along, and what stands in the map itself goes before them."""
    if key != _MERGE:
        content[key] = value
        return
    for other in value if isinstance(value, list) else [value]:
        if not isinstance(other, dict):
            raise IllegibleError(line, "<< takes a map, or a list of maps")
        for name, found in other.items():
            content.setdefault(name, found)
