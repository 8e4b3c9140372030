"""YAML as kubectl takes it; what is hostile ends in an error with its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshglobal.domain.errors import CannotCheckError
from meshglobal.files.json_documents import json_document
from meshglobal.files.manifests import manifests_of
from meshglobal.files.places import IllegibleError
from meshglobal.files.texts import Text
from meshglobal.files.yaml_documents import yaml_documents

KEYS = st.text("ab<:#-'\"\n\té\u2028\U0001f600 ", max_size=6).filter(lambda key: key != "<<")
SCALARS = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | KEYS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def bodies(text: str) -> list[object]:
    return [document.body for document in yaml_documents(text.encode())]


@settings(max_examples=50)
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=2))
def test_what_is_written_is_read(documents: list[dict[str, object]]) -> None:
    assert bodies(yaml.safe_dump_all(documents, default_style='"')) == documents


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", True),
        ("No", False),
        ("~", None),
        ("", None),
        ("0x1f", 31),
        ("017", 15),
        ("-7", -7),
        ("1e3", 1000.0),
        ("1.20", 1.2),
        ("2026-08-01T10:00:00Z", "2026-08-01T10:00:00Z"),
        ("12:30", "12:30"),
        ("v1", "v1"),
        ('"80"', "80"),
        ("!!str 80", "80"),
        ('!!int "80"', 80),
        ("9" * 5000, float("9" * 5000)),
    ],
)
def test_words_mean_what_they_mean_to_kubectl(text: str, value: object) -> None:
    assert bodies(f"key: {text}\n") == [{"key": value}]


def test_aliases_and_merges_are_followed() -> None:
    text = "base: &base {a: 1, b: 2}\nown: {<<: *base, b: 3}\nboth: {b: 4, <<: [*base, {c: 5}]}\n"
    assert bodies(text) == [{"base": {"a": 1, "b": 2}, "own": {"a": 1, "b": 3}, "both": {"a": 1, "b": 4, "c": 5}}]


def test_documents_know_their_lines() -> None:
    text = "# first\nkind: A\n---\n\nkind: B\nitems:\n- kind: C\n-\n  kind: D\n"
    first, second = yaml_documents(text.encode())
    assert (first.line, second.line) == (2, 5)
    assert [second.line_of(item) for item in second.body["items"]] == [7, 9]


WORDS = ("apiVersion: v1\n", "kind: Service\n", "metadata: ", "{name: a}\n", "spec:\n", "items:\n", "null", "!!int ")
SIGNS = (
    "- ",
    ": ",
    "\n",
    "  ",
    "*a ",
    "&a ",
    "<<: ",
    "{",
    "}",
    "[",
    "]",
    "---\n",
    '"',
    "'",
    "\t",
    "%",
    "#",
    "|\n",
    "\u2028",
)
PIECES = st.sampled_from([*WORDS, *SIGNS])


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_stands_there_it_is_read_or_refused(text: str) -> None:
    try:
        found = manifests_of("one", "here", [Text("a.yaml", text.encode())])
    except CannotCheckError as error:
        assert str(error).startswith("a.yaml:")  # noqa: PT017 - whether it is refused hangs on the text
    else:
        assert found.count >= 0


LAUGHS = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[" * 100_000, 1, "nested more than 200 deep"),
        ("- " * 100_000, 1, "nested more than 200 deep"),
        ("{a: " * 100_000, 1, "nested more than 200 deep"),
        (LAUGHS, 5, "aliases stand for more than"),
        ("a: 1\nb: &b [*b]", 2, "alias *b stands for nothing"),
        ("a: *nowhere", 1, "alias *nowhere stands for nothing"),
        ("a: !!python/object/apply:os.system [id]", 1, "means nothing in a manifest"),
        ("a: !mine 5", 1, "the tag !mine means nothing"),
        ("a: 1\n? [x]\n: 2", 2, "a key must be text"),
        ("a: 1\n  b: 2", 2, "not valid YAML: "),
        ("a: [", 2, "not valid YAML: "),
        ("<<: 5", 1, "<< takes a map"),
        ("a: \x01", 1, "not a text file in YAML"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_manifest_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(IllegibleError) as told:
        bodies(text)
    assert told.value.line == line
    assert says in str(told.value)


def test_json_says_on_which_line_it_breaks() -> None:
    with pytest.raises(IllegibleError) as told:
        json_document(b'{"a": 1,\n "b": 2,\n "c" 3}')
    assert told.value.line == 3
    with pytest.raises(IllegibleError):
        json_document(b'{"a":' * 100_000)
