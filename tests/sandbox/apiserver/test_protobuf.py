"""Bodies in protobuf: what kubectl really sent, every form a value has, and what cannot be read."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.protobuf import decode

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"


def sent_by_kubectl() -> list[tuple[str, bytes]]:
    """Path and body of every request in the recordings whose body is in protobuf."""
    exchanges = [
        each for path in RECORDINGS.glob("kubectl-*.json") for each in json.loads(path.read_text())["exchanges"]
    ]
    requests = [each["request"] for each in exchanges if "request" in each]
    encoded = [(request["path"], request.get("body")) for request in requests]
    return [(path, base64.b64decode(body["$base64"])) for path, body in encoded if "$base64" in (body or ())]


def varint(number: int) -> bytes:
    number %= 1 << 64
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def field(number: int, value: int | str | bytes) -> bytes:
    """One field of a message, as the wire has it."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def body(version: str, kind: str, message: bytes) -> bytes:
    return b"k8s\x00" + field(1, field(1, version) + field(2, kind)) + field(2, message)


def read(version: str, kind: str, message: bytes) -> dict[str, Any]:
    found = decode(body(version, kind, message))
    assert (found.pop("apiVersion"), found.pop("kind")) == (version, kind)
    return found


@pytest.mark.parametrize(("path", "sent"), sent_by_kubectl())
def test_what_kubectl_sends_is_read(path: str, sent: bytes) -> None:
    found = decode(sent)
    kind = found["kind"].lower()
    assert path.rpartition("/")[2] == f"{kind}s"
    assert found["metadata"]["name"] or kind.endswith("review")


def test_a_service_of_kubectls_has_its_port() -> None:
    sent = next(body for path, body in sent_by_kubectl() if path.endswith("/services"))
    port = {"name": "9080-9080", "protocol": "TCP", "port": 9080, "targetPort": 9080, "nodePort": 0}
    assert decode(sent)["spec"]["ports"] == [port]
    assert decode(sent)["metadata"]["labels"] == {"app": "reviews"}


def test_bytes_become_base64() -> None:
    assert read("v1", "Secret", field(2, field(1, "key") + field(2, b"\xff\x00")))["data"] == {"key": "/wA="}


def test_quantities_are_texts() -> None:
    spec = field(1, field(1, "pods") + field(2, field(1, "10")))
    assert read("v1", "ResourceQuota", field(2, spec))["spec"] == {"hard": {"pods": "10"}}


def test_a_port_may_have_a_name() -> None:
    port = field(3, 80) + field(4, field(1, 1) + field(2, 0) + field(3, "http"))
    assert read("v1", "Service", field(2, field(1, port)))["spec"]["ports"] == [{"port": 80, "targetPort": "http"}]


def test_times_are_texts() -> None:
    lease = field(3, field(1, 1_767_225_600) + field(2, 5000)) + field(2, 15)
    spec = read("coordination.k8s.io/v1", "Lease", field(2, lease))["spec"]
    assert spec == {"acquireTime": "2026-01-01T00:00:00.000005Z", "leaseDurationSeconds": 15}


def test_a_message_inside_stands_beside_its_neighbours() -> None:
    volume = field(1, "config") + field(2, field(19, field(1, field(1, "mesh")) + field(3, 420)))
    probe = field(1, field(2, field(1, "/healthz"))) + field(2, 5)
    container = field(1, "app") + field(10, probe)
    spec = read("v1", "Pod", field(2, field(1, volume) + field(2, container)))["spec"]
    assert spec["volumes"] == [{"name": "config", "configMap": {"name": "mesh", "defaultMode": 420}}]
    assert spec["containers"][0]["livenessProbe"] == {"httpGet": {"path": "/healthz"}, "initialDelaySeconds": 5}


def test_numbers_that_nobody_knows_are_passed_over() -> None:
    unknown = (
        field(99, "x") + field(98, 7) + varint(97 << 3 | 1) + struct.pack("<d", 1.5) + varint(96 << 3 | 5) + b"abcd"
    )
    assert read("v1", "ConfigMap", unknown + field(2, field(1, "a") + field(2, "b"))) == {"data": {"a": "b"}}


@given(number=st.integers(-(2**31), 2**31 - 1), flag=st.booleans(), labels=st.dictionaries(st.text(), st.text()))
def test_values_come_through(number: int, flag: bool, labels: dict[str, str]) -> None:  # noqa: FBT001 - drawn, not passed
    entries = b"".join(field(11, field(1, key) + field(2, value)) for key, value in labels.items())
    spec = field(1, number) + field(7, int(flag))
    found = read("apps/v1", "Deployment", field(1, entries) + field(2, spec))
    assert found["metadata"].get("labels", {}) == labels
    assert found["spec"] == {"replicas": number, "paused": flag}


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b"k8s\x00",
        b"k8s\x00\n\xff",
        b"k8s\x00\x0b",
        body("v1", "Nothing", b""),
        body("v1", "Service", b"\x0a\x50short"),
        body("v1", "Service", field(1, 7)),
        body("v1", "Service", field(1, field(1, b"\xff\xfe"))),
        b"k8s\x00" + b"\xff" * 12,
    ],
)
def test_what_cannot_be_read_is_the_senders_fault(wrong: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        decode(wrong)
    assert refused.value.status == 400


@given(rest=st.binary(max_size=60))
def test_no_body_breaks_the_reader(rest: bytes) -> None:
    for wrong in (b"k8s\x00" + rest, body("v1", "Pod", rest)):
        try:
            decode(wrong)
        except ApiError as refused:
            assert refused.status == 400  # noqa: PT017 - a body that happens to be readable is fine too
