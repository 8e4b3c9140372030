"""What kubectl get shows: paths, ages, and cells that no recording has."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver import json_path, pod_cells
from meshglobal.sandbox.apiserver.cells import CELLS, selector
from meshglobal.sandbox.apiserver.durations import human, since
from meshglobal.sandbox.apiserver.resources import Catalogue
from meshglobal.sandbox.apiserver.tables import to_table

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
MADE = {"name": "a", "creationTimestamp": "2026-01-01T11:59:55Z"}


def shown(key: str, obj: dict[str, Any], include: str = "None") -> dict[str, Any]:
    resource = Catalogue().by_key(key)
    table = to_table(resource, [{"metadata": MADE} | obj], include, NOW)
    names = [column["name"] for column in table["columnDefinitions"]]
    row: dict[str, Any] = table["rows"][0]
    return row | dict(zip(names, row["cells"], strict=True))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"), (119, "119s"), (120, "2m"), (192, "3m12s"), (599, "9m59s"), (600, "10m"), (3 * 3600, "3h"),
        (3 * 3600 + 300, "3h5m"), (8 * 3600, "8h"), (47 * 3600, "47h"), (2 * 86400, "2d"), (2 * 86400 + 3600, "2d1h"),
        (30 * 86400, "30d"), (800 * 86400, "2y70d"), (9 * 365 * 86400, "9y"), (-1, "0s"), (-9, "<invalid>"),
    ],
)  # fmt: skip
def test_ages_are_short(seconds: float, text: str) -> None:
    assert human(seconds) == text


@given(seconds=st.floats(0, 1e9))
def test_an_age_is_never_long(seconds: float) -> None:
    assert 2 <= len(human(seconds)) <= 6


def test_nothing_has_no_age() -> None:
    assert since(None, NOW) == "<unknown>"


STATUS = {"conditions": [{"type": "A", "status": "True"}, {"type": "B", "status": "False"}], "a-b": {"x.y": 1}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".conditions[0].type", ["A"]),
        (".conditions[*].status", ["True", "False"]),
        ('.conditions[?(@.type=="B")].status', ["False"]),
        (".conditions[?(@.type=='C')].status", []),
        (".a-b['x.y']", [1]),
        (r".a-b.x\.y", [1]),
        (".nothing.here", []),
        (".conditions[7]", []),
    ],
)
def test_paths_are_followed(path: str, found: list[Any]) -> None:
    assert json_path.find(path, STATUS) == found


def test_a_load_balancer_shows_its_address_once_it_has_one() -> None:
    service = {"spec": {"type": "LoadBalancer", "ports": [{"port": 80, "nodePort": 30001, "protocol": "TCP"}]}}
    assert shown("services", service)["External-IP"] == "<pending>"
    assert shown("services", service)["Port(s)"] == "80:30001/TCP"
    status = {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}, {"hostname": "b.example"}]}}}
    assert shown("services", service | status)["External-IP"] == "192.0.2.1,b.example"


def test_a_gateway_shows_whether_it_is_programmed() -> None:
    status = {"conditions": [{"type": "Programmed", "status": "True"}], "addresses": [{"value": "192.0.2.1"}]}
    row = shown("gateways.gateway.networking.k8s.io", {"spec": {"gatewayClassName": "istio"}, "status": status})
    assert row["cells"] == ["a", "istio", "192.0.2.1", "True", "5s"]


def test_a_row_carries_what_is_asked_for() -> None:
    config = {"data": {"a": "1"}}
    assert "object" not in shown("configmaps", config)
    assert shown("configmaps", config, "Metadata")["object"]["kind"] == "PartialObjectMetadata"
    assert shown("configmaps", config, "Object")["object"]["data"] == {"a": "1"}


def test_a_kind_without_columns_shows_when_it_was_made() -> None:
    assert shown("podtemplates", {})["cells"] == ["a", MADE["creationTimestamp"]]


@pytest.mark.parametrize(
    ("state", "extra", "text"),
    [
        ({"waiting": {"reason": "ImagePullBackOff"}}, {}, "ImagePullBackOff"),
        ({"terminated": {"exitCode": 3}}, {}, "ExitCode:3"),
        ({"terminated": {"signal": 9}}, {}, "Signal:9"),
        ({"running": {}}, {}, "Running"),
        ({"running": {}}, {"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}, "Terminating"),
    ],
)
def test_a_pod_tells_what_keeps_it(state: dict[str, Any], extra: dict[str, Any], text: str) -> None:
    status = {"phase": "Running", "containerStatuses": [{"state": state, "restartCount": 0}]}
    assert pod_cells.status({"metadata": {}, "spec": {}, "status": status} | extra) == text


def test_restarts_say_when_the_last_one_was() -> None:
    last = {"terminated": {"finishedAt": "2026-01-01T11:58:00Z"}}
    status = {"containerStatuses": [{"restartCount": 2, "lastState": last}, {"restartCount": 1}]}
    assert pod_cells.restarts({"spec": {}, "status": status}, NOW) == "3 (2m ago)"


def test_readiness_gates_are_counted() -> None:
    gates = [{"conditionType": "a"}, {"conditionType": "b"}]
    pod = {"spec": {"readinessGates": gates}, "status": {"conditions": [{"type": "a", "status": "True"}]}}
    assert pod_cells.gates(pod) == "1/2"


def test_a_selector_is_shown_as_a_query() -> None:
    expressions = [
        {"key": "tier", "operator": "In", "values": ["b", "a"]},
        {"key": "old", "operator": "DoesNotExist"},
        {"key": "new", "operator": "Exists"},
    ]
    assert selector({"matchLabels": {"app": "x"}, "matchExpressions": expressions}) == "app=x,tier in (a,b),!old,new"


def test_many_addresses_are_cut_short() -> None:
    slice_ = {"endpoints": [{"addresses": [f"10.0.0.{number}"]} for number in range(5)]}
    assert CELLS["slice-addresses"](slice_, NOW) == "10.0.0.0,10.0.0.1,10.0.0.2 + 2 more..."
