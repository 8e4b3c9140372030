from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.patching.managed_fields import UPDATE, Writer, decoded, default_manager, track
from meshglobal.sandbox.apiserver.schema import schema_for

CONFIG_MAP = schema_for("v1", "ConfigMap")
SERVICE = schema_for("v1", "Service")
ENTRY = schema_for("networking.istio.io/v1", "ServiceEntry")


def by(manager: str, at: int = 0, subresource: str = "", api_version: str = "v1") -> Any:
    return Writer(manager, UPDATE, api_version, f"2026-01-01T00:00:{at:02}Z", subresource)


def config_map(data: Any, **metadata: Any) -> Any:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", **metadata}, "data": data}


def owners(obj: Any) -> Any:
    return {each["manager"]: each["fieldsV1"] for each in obj["metadata"].get("managedFields", [])}


def written(*steps: Any) -> Any:
    """A ConfigMap after one write a step: (manager, data)."""
    current = None
    for second, (manager, data) in enumerate(steps):
        kept = {"managedFields": current["metadata"]["managedFields"]} if current else {}
        current = track(current, config_map(data, **kept), CONFIG_MAP, by(manager, second))
    return current


# The next four follow a recorded scenario.
def test_a_creator_owns_what_it_sets() -> None:
    assert owners(written(("creator", {"a": "1"}))) == {"creator": {"f:data": {".": {}, "f:a": {}}}}


def test_a_later_writer_owns_what_it_adds() -> None:
    assert owners(written(("creator", {"a": "1"}), ("merger", {"a": "1", "b": "2"}))) == {
        "creator": {"f:data": {".": {}, "f:a": {}}},
        "merger": {"f:data": {"f:b": {}}},
    }


def test_a_change_takes_a_field_from_its_owner_and_an_entry_without_fields_goes() -> None:
    steps = ("creator", {"a": "1"}), ("rec", {"a": "1", "c": "3"}), ("other", {"a": "1", "c": "4"})
    assert owners(written(*steps)) == {
        "creator": {"f:data": {".": {}, "f:a": {}}},
        "other": {"f:data": {"f:c": {}}},
    }


def test_what_is_removed_is_owned_by_nobody() -> None:
    assert owners(written(("creator", {"a": "1", "b": "2"}), ("putter", {"a": "1", "z": "26"}))) == {
        "creator": {"f:data": {".": {}, "f:a": {}}},
        "putter": {"f:data": {"f:z": {}}},
    }


def test_the_structs_of_a_typed_kind_are_owned_by_nobody() -> None:
    new = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"type": "ClusterIP"}}
    assert owners(track(None, new, SERVICE, by("rec"))) == {"rec": {"f:spec": {"f:type": {}}}}


def test_the_structs_of_a_custom_kind_belong_to_its_creator() -> None:
    new = {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": {}, "spec": {"hosts": ["x"]}}
    assert owners(track(None, new, ENTRY, by("rec"))) == {"rec": {"f:spec": {".": {}, "f:hosts": {}}}}


def test_a_subresource_has_an_entry_of_its_own() -> None:
    old = written(("creator", {"a": "1"}))
    new = track(old, config_map({"a": "1", "b": "2"}), CONFIG_MAP, by("creator", 9, subresource="status"))
    entries = new["metadata"]["managedFields"]
    assert [(each["manager"], each.get("subresource")) for each in entries] == [
        ("creator", None),
        ("creator", "status"),
    ]


def test_a_write_that_changes_nothing_keeps_the_times() -> None:
    old = written(("creator", {"a": "1"}))
    assert track(old, config_map({"a": "1"}), CONFIG_MAP, by("creator", 30)) == old


@pytest.mark.parametrize("asked", [[], [{}]])
def test_managed_fields_can_be_reset_and_stay_away(asked: Any) -> None:
    old = written(("creator", {"a": "1"}))
    reset = track(old, config_map({"a": "1"}, managedFields=asked), CONFIG_MAP, by("rec"))
    assert "managedFields" not in reset["metadata"]
    assert "managedFields" not in track(reset, config_map({"a": "2"}), CONFIG_MAP, by("rec"))["metadata"]


def test_managed_fields_that_make_no_sense_are_ignored() -> None:
    old = written(("creator", {"a": "1"}))
    nonsense = [{"manager": "x", "operation": "Update"}]
    assert owners(track(old, config_map({"a": "1"}, managedFields=nonsense), CONFIG_MAP, by("rec"))) == owners(old)


def test_the_oldest_of_too_many_updaters_are_joined() -> None:
    entries = decoded(written(*((f"m{step:02}", {f"k{each}": "" for each in range(step + 1)}) for step in range(12))))
    assert len(entries) == 10
    joined = next(each for each in entries if each.manager == "ancient-changes")
    assert {("f:data", "f:k0"), ("f:data", "f:k1"), ("f:data", "f:k2")} <= joined.fields


@pytest.mark.parametrize(
    ("user_agent", "manager"),
    [("solo-cli/1.2 (linux/amd64)", "solo-cli"), ("rec", "rec"), ("", "unknown"), ("x" * 200, "x" * 128)],
)
def test_the_default_manager_is_the_first_part_of_the_user_agent(user_agent: str, manager: str) -> None:
    assert default_manager(user_agent) == manager


data = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), min_size=1)
steps = st.lists(st.tuples(st.sampled_from(["m1", "m2", "m3"]), data), min_size=1, max_size=6)


@given(steps)
def test_each_key_is_owned_by_whoever_set_its_value_last(history: Any) -> None:
    """With updates alone, every present key has exactly one owner: the last that changed it."""
    expected = {}
    before = {}
    for manager, after in history:
        expected = {key: expected[key] if before.get(key) == after[key] else manager for key in after}
        before = after
    found = {path[1][2:]: each.manager for each in decoded(written(*history)) for path in each.fields if len(path) == 2}
    assert found == expected


def test_other_times_in_what_is_sent_are_no_change() -> None:
    old = written(("creator", {"a": "1"}))
    entries = [each | {"time": "2020-02-02T02:02:02Z"} for each in old["metadata"]["managedFields"]]
    assert track(old, config_map({"a": "1"}, managedFields=entries), CONFIG_MAP, by("creator", 30)) == old
