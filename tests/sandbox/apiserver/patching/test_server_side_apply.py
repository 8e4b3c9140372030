import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.patching import apply as server_side
from meshglobal.sandbox.apiserver.patching.managed_fields import APPLY, UPDATE, Writer, track
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.schema import schema_for

CONFIG_MAP = schema_for("v1", "ConfigMap")
SERVICE = schema_for("v1", "Service")
ENTRY = schema_for("networking.istio.io/v1", "ServiceEntry")
NOW = "2026-01-01T00:00:00Z"


def config_map(data: Any = None, **metadata: Any) -> Any:
    found = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", **metadata}}
    return found if data is None else found | {"data": data}


def applied(live: Any, config: Any, manager: str, schema: Any = CONFIG_MAP, *, force: bool = False) -> Any:
    writer = Writer(manager, APPLY, config["apiVersion"], NOW, ignored=("f:status",))
    return server_side.apply(live, config, schema, writer, force=force)


def updated(old: Any, new: Any, manager: str, schema: Any = CONFIG_MAP) -> Any:
    return track(old, new, schema, Writer(manager, UPDATE, new["apiVersion"], NOW))


def owners(obj: Any) -> Any:
    return {each["manager"]: each["fieldsV1"] for each in obj["metadata"].get("managedFields", [])}


def conflicts(live: Any, config: Any, manager: str, schema: Any = CONFIG_MAP) -> Any:
    with pytest.raises(ApiError) as refused:
        applied(live, config, manager, schema)
    assert (refused.value.status, refused.value.reason) == (409, "Conflict")
    assert {cause.reason for cause in refused.value.causes} == {"FieldManagerConflict"}
    return [(cause.field, cause.message) for cause in refused.value.causes]


@pytest.fixture
def shared() -> Any:
    """A ConfigMap of two appliers: alpha has a and b, beta has c."""
    return applied(applied(None, config_map({"a": "1", "b": "2"}), "alpha"), config_map({"c": "3"}), "beta")


def test_two_appliers_own_their_own_keys(shared: Any) -> None:
    assert shared["data"] == {"a": "1", "b": "2", "c": "3"}
    assert owners(shared) == {"alpha": {"f:data": {"f:a": {}, "f:b": {}}}, "beta": {"f:data": {"f:c": {}}}}


def test_what_an_applier_no_longer_sends_is_removed(shared: Any) -> None:
    after = applied(shared, config_map({"a": "1"}), "alpha")
    assert after["data"] == {"a": "1", "c": "3"}
    assert owners(after)["alpha"] == {"f:data": {"f:a": {}}}


def test_what_somebody_else_applies_as_well_stays(shared: Any) -> None:
    both = applied(shared, config_map({"c": "3", "b": "2"}), "beta")
    assert applied(both, config_map({"a": "1"}), "alpha")["data"] == {"a": "1", "b": "2", "c": "3"}


def test_the_last_owner_takes_an_empty_map_along() -> None:
    alone = applied(None, config_map({"a": "1"}), "alpha")
    assert "data" not in applied(alone, config_map(), "alpha")


def test_another_value_for_somebody_elses_field_is_a_conflict(shared: Any) -> None:
    assert conflicts(shared, config_map({"c": "9"}), "alpha") == [(".data.c", 'conflict with "beta"')]


def test_several_conflicts_are_listed_by_owner(shared: Any) -> None:
    third = applied(shared, config_map({"d": "4"}), "gamma")
    with pytest.raises(ApiError) as refused:
        applied(third, config_map({"a": "0", "b": "0", "d": "0"}), "delta")
    assert refused.value.message == (
        'Apply failed with 3 conflicts: conflicts with "alpha":\n- .data.a\n- .data.b\n'
        'conflicts with "gamma":\n- .data.d'
    )


def test_an_updater_is_named_with_its_version(shared: Any) -> None:
    changed = updated(shared, shared | {"data": {"a": "1", "b": "2", "c": "x"}}, "editor")
    assert conflicts(changed, config_map({"c": "3"}), "beta") == [(".data.c", 'conflict with "editor" using v1')]


def test_force_takes_over(shared: Any) -> None:
    after = applied(shared, config_map({"a": "5"}), "gamma", force=True)
    assert after["data"] == {"a": "5", "b": "2", "c": "3"}
    assert owners(after)["alpha"] == {"f:data": {"f:b": {}}}
    assert owners(after)["gamma"] == {"f:data": {"f:a": {}}}


def test_the_same_again_gives_the_same_object_with_its_old_times(shared: Any) -> None:
    later = Writer("alpha", APPLY, "v1", "2027-01-01T00:00:00Z")
    assert server_side.apply(shared, config_map({"a": "1", "b": "2"}), CONFIG_MAP, later) == shared


def test_preconditions_are_handed_on_even_if_nothing_changes(shared: Any) -> None:
    after = applied(shared, config_map({"a": "1", "b": "2"}, uid="other"), "alpha")
    assert after["metadata"]["uid"] == "other"


def test_an_object_that_nobody_tracks_belongs_to_before_first_apply() -> None:
    live = config_map({"a": "1"}, uid="u")
    assert conflicts(live, config_map({"a": "2"}), "alpha") == [
        (".data.a", 'conflict with "before-first-apply" using v1')
    ]
    assert owners(applied(live, config_map({"b": "2"}), "alpha")) == {
        "before-first-apply": {"f:data": {".": {}, "f:a": {}}},
        "alpha": {"f:data": {"f:b": {}}},
    }


def test_system_metadata_stays_and_preconditions_are_handed_on(shared: Any) -> None:
    live = shared | {"metadata": shared["metadata"] | {"uid": "u", "resourceVersion": "7", "creationTimestamp": NOW}}
    after = applied(live, config_map({"a": "1", "b": "0"}, resourceVersion="6"), "alpha")
    assert (after["metadata"]["uid"], after["metadata"]["resourceVersion"]) == ("u", "6")


# Kubectl moves from client-side to server-side apply.
def client_side(data: Any) -> Any:
    record = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data})
    notes = {"kubectl.kubernetes.io/last-applied-configuration": record}
    return updated(None, config_map(data, annotations=notes), "kubectl-client-side-apply")


def test_what_kubectl_applied_on_the_client_is_no_conflict_for_kubectl() -> None:
    after = applied(client_side({"a": "1"}), config_map({"a": "2"}), "kubectl")
    assert after["data"] == {"a": "2"}
    record = after["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]
    assert json.loads(record)["data"] == {"a": "2"}


def test_it_is_a_conflict_where_somebody_has_changed_it_since_and_for_everybody_else() -> None:
    live = client_side({"a": "1"})
    assert conflicts(live, config_map({"a": "2"}), "other") != []
    edited = updated(live, live | {"data": {"a": "9"}}, "editor")
    assert conflicts(edited, config_map({"a": "2"}), "kubectl") == [(".data.a", 'conflict with "editor" using v1')]


# List types.
def entry(hosts: Any, *ports: Any, **spec: Any) -> Any:
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "ServiceEntry",
        "metadata": {"name": "e"},
        "spec": {"hosts": hosts, **({"ports": list(ports)} if ports else {}), **spec},
    }


def test_elements_of_a_map_list_belong_to_whoever_applies_them() -> None:
    http, grpc = {"name": "http", "number": 9080}, {"name": "grpc", "number": 9090}
    first = applied(None, entry(["x"], http), "m1", ENTRY)
    second = applied(first, entry(["x"], grpc), "m2", ENTRY)
    assert second["spec"]["ports"] == [http, grpc]
    assert conflicts(second, entry(["x"], http | {"number": 1}), "m2", ENTRY) == [
        ('.spec.ports[name="http"].number', 'conflict with "m1"')
    ]
    assert applied(second, entry(["x"]), "m2", ENTRY)["spec"]["ports"] == [http]


def test_an_atomic_list_conflicts_as_a_whole() -> None:
    first = applied(None, entry(["x"]), "m1", ENTRY)
    assert conflicts(first, entry(["x", "y"]), "m2", ENTRY) == [(".spec.hosts", 'conflict with "m1"')]


def test_elements_of_a_set_join() -> None:
    first = applied(None, config_map(finalizers=["x/a"]), "m1")
    both = applied(first, config_map(finalizers=["x/b"]), "m2")
    assert sorted(both["metadata"]["finalizers"]) == ["x/a", "x/b"]
    assert applied(both, config_map(), "m1")["metadata"]["finalizers"] == ["x/b"]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({"nosuch": 1}, ".spec.nosuch: field not declared in schema"),
        (
            {"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]},
            '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
        ),
        ({"ports": [{"name": "a"}]}, ".spec.ports: element 0: associative list with keys has an element that omits"),
        ({"type": 5}, ".spec.type: expected string, got &{5}"),
        ({"nosuch": 1, "other": 2}, "errors:\n  .spec.nosuch: field not declared in schema\n  .spec.other: field"),
    ],
)
def test_what_the_schema_does_not_know_is_refused_with_500(spec: Any, problem: str) -> None:
    config = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": spec}
    with pytest.raises(ApiError) as refused:
        applied(None, config, "m", SERVICE)
    assert refused.value.status == 500
    expected = f"failed to create typed patch object (/x; /v1, Kind=Service): {problem}"
    assert refused.value.message.startswith(expected)


def test_a_status_in_a_configuration_is_nobodys_business() -> None:
    live = applied(None, entry(["x"]), "m1", ENTRY) | {"status": {"observedGeneration": 1}}
    status = Writer("istiod", UPDATE, "networking.istio.io/v1", NOW, subresource="status")
    live = track(applied(None, entry(["x"]), "m1", ENTRY), live, ENTRY, status)
    after = applied(live, entry(["x"]) | {"status": {"observedGeneration": 7}}, "m2", ENTRY)
    assert owners(after) == {
        "istiod": {"f:status": {".": {}, "f:observedGeneration": {}}},
        "m1": {"f:spec": {"f:hosts": {}}},
        "m2": {"f:spec": {"f:hosts": {}}},
    }


def test_managed_fields_must_not_be_applied() -> None:
    with pytest.raises(ApiError, match=r"^metadata\.managedFields must be nil") as refused:
        applied(None, config_map({}, managedFields=[{"manager": "z"}]), "m")
    assert refused.value.status == 400


data = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), min_size=1)
history = st.lists(st.tuples(st.sampled_from(["m1", "m2", "m3"]), data), min_size=1, max_size=6)


@given(history)
def test_after_forced_applies_the_keys_are_what_the_appliers_say_last(steps: Any) -> None:
    """A model: each applier's last configuration, less what others took over since."""
    live, model = None, {}
    for manager, wanted in steps:
        for other, theirs in model.items():
            model[other] = {
                key: value for key, value in theirs.items() if other == manager or wanted.get(key, value) == value
            }
        model[manager] = wanted
        live = applied(live, config_map(wanted), manager, force=True)
    expected = {key: value for each in model.values() for key, value in each.items()}
    assert live.get("data", {}) == expected
    assert applied(live, config_map(steps[-1][1]), steps[-1][0]) == live


ports = st.lists(st.integers(1, 6), unique=True, max_size=5)


@given(ports, ports)
def test_an_applied_order_of_list_elements_is_kept(before: Any, wanted: Any) -> Any:
    def with_ports(numbers: list[int]) -> Any:
        return entry(["x"], *({"name": f"p{number}", "number": number} for number in numbers))

    live = applied(None, with_ports(before), "m1", ENTRY)
    after = applied(live, with_ports(wanted), "m2", ENTRY)
    found = [port["number"] for port in after["spec"].get("ports", [])]
    assert sorted(found) == sorted({*before, *wanted})
    assert [number for number in found if number in wanted] == wanted
