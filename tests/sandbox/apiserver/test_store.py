from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.store import Change, Store

KIND = "services"


def _put(store: Store, name: str, **content: Any) -> None:
    version = str(store.next_version())
    store.put(KIND, {"metadata": {"namespace": "n", "name": name, "resourceVersion": version}, **content})


def _remove(store: Store, name: str) -> None:
    entry = store.get(KIND, ("n", name))
    assert entry is not None
    meta = entry.obj["metadata"] | {"resourceVersion": str(store.next_version())}
    store.remove(KIND, entry.obj | {"metadata": meta})


def _picture(store: Store) -> list[dict[str, Any]]:
    return [entry.obj for entry in store.all(KIND)]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9), st.booleans()), max_size=30))
def test_every_past_version_can_be_listed_again(steps: list[tuple[str, int, bool]]) -> None:
    store = Store()
    seen = {store.version: _picture(store)}
    for name, value, is_removal in steps:
        if is_removal and store.get(KIND, ("n", name)):
            _remove(store, name)
        else:
            _put(store, name, value=value)
        seen[store.version] = _picture(store)
    for version, picture in seen.items():
        assert [entry.obj for entry in store.at(KIND, version)] == picture


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30), st.integers(0, 30))
def test_changes_since_a_version_lead_from_its_list_to_the_present_one(
    steps: list[tuple[str, bool]], offset: int
) -> None:
    store = Store()
    first = store.version
    for name, is_removal in steps:
        if is_removal and store.get(KIND, ("n", name)):
            _remove(store, name)
        else:
            _put(store, name)
    start = min(first + offset, store.version)
    picture = {entry.key: entry.obj for entry in store.at(KIND, start)}
    for change in store.since(KIND, start):
        if change.type == "DELETED":
            del picture[change.entry.key]
        else:
            picture[change.entry.key] = change.entry.obj
    assert list(dict(sorted(picture.items())).values()) == _picture(store)


def test_a_listener_that_writes_hears_of_it_after_the_change_it_was_told_about() -> None:
    store = Store()
    heard: list[str] = []

    def answer(change: Change) -> None:
        heard.append(f"first {change.entry.key[1]}")
        if change.entry.key[1] == "a":
            _put(store, "b")

    store.listen(KIND, answer)
    store.listen(KIND, lambda change: heard.append(f"second {change.entry.key[1]}"))
    _put(store, "a")
    assert heard == ["first a", "second a", "first b", "second b"]


def test_a_stopped_listener_hears_nothing_more() -> None:
    store = Store()
    heard: list[Change] = []
    stop = store.listen(KIND, heard.append)
    _put(store, "a")
    stop()
    _put(store, "b")
    assert [change.entry.key[1] for change in heard] == ["a"]


def test_the_log_forgets_its_oldest_part_and_says_so() -> None:
    store = Store(keep=10)
    for number in range(25):
        _put(store, f"s{number}")
    assert store.compacted > 100
    assert len(list(store.since(KIND, store.compacted))) == store.version - store.compacted


def test_an_object_is_encoded_without_its_type_which_the_reader_gives() -> None:
    store = Store()
    _put(store, "a", kind="Service", apiVersion="v1", spec={})
    entry = store.get(KIND, ("n", "a"))
    assert entry is not None
    assert entry.typed(b'{"kind":"K",').startswith(b'{"kind":"K","metadata":{')
    assert b"apiVersion" not in entry.body
