"""Ephemeral containers through the API: what may be added, what may not be changed, and how their lives are told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.sandbox.apiserver.plain_http import ask
from tests.sandbox.containers.conftest import Pods

CONTAINER = {"name": "probe", "image": "busybox", "command": ["true"]}
SAFE = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


def patched(pods: Pods, container: dict[str, Any], *, fails: int = 0, kind: str = "strategic") -> str:
    body = json.dumps({"spec": {"ephemeralContainers": [container]}})
    patch = ("patch", "pod", "ratings", "--subresource=ephemeralcontainers", f"--type={kind}", "-p", body)
    return pods.kubectl(*patch, fails=fails)


def test_a_container_waits_runs_and_ends(pods: Pods) -> None:
    states: list[str] = []

    def note(_kind: str, pod: Any) -> None:
        if pod["metadata"]["namespace"] == pods.namespace:
            states.extend(
                state for each in pod["status"].get("ephemeralContainerStatuses") or () for state in each["state"]
            )

    stop = pods.served.call(lambda: pods.served.cluster.client().subscribe("pods", note))
    patched(pods, CONTAINER)
    pods.until(lambda: "terminated" in pods.state("probe"))
    pods.served.call(stop)
    assert states == ["waiting", "running", "terminated"]
    (status,) = pods.pod()["status"]["ephemeralContainerStatuses"]
    assert (status["image"], status["ready"], status["restartCount"]) == ("busybox", False, 0)
    assert status["state"]["terminated"] | {"startedAt": "", "finishedAt": ""} == {
        "exitCode": 0,
        "reason": "Completed",
        "startedAt": "",
        "finishedAt": "",
    }
    assert pods.pod()["status"]["phase"] == "Running"


def test_a_container_can_be_added_but_neither_changed_nor_removed(pods: Pods) -> None:
    patched(pods, CONTAINER)
    patched(pods, CONTAINER | {"name": "second"})
    said = patched(pods, CONTAINER | {"image": "other"}, fails=1)
    assert 'existing ephemeral containers "probe" may not be changed' in said
    body = json.dumps([{"op": "remove", "path": "/spec/ephemeralContainers/0"}])
    remove = ("patch", "pod", "ratings", "--subresource=ephemeralcontainers", "--type=json", "-p", body)
    assert re.search(r'existing ephemeral containers "\w+" may not be removed', pods.kubectl(*remove, fails=1))


@pytest.mark.parametrize(
    ("container", "says"),
    [
        ({"name": "ratings"}, 'Duplicate value: "ratings"'),
        ({"targetContainerName": "nosuch"}, 'targetContainerName: Not found: "nosuch"'),
        ({"ports": [{"containerPort": 80}]}, "cannot be set for an Ephemeral Container"),
        ({"image": ""}, "image: Required value"),
    ],
)
def test_a_container_that_cannot_be_is_refused(pods: Pods, container: dict[str, Any], says: str) -> None:
    assert says in patched(pods, CONTAINER | container, fails=1)
    assert pods.state("probe") == {}


def test_a_pod_that_is_not_there_takes_none(pods: Pods) -> None:
    body = json.dumps({"spec": {"ephemeralContainers": [CONTAINER]}})
    patch = ("patch", "pod", "nosuch", "--subresource=ephemeralcontainers", "-p", body)
    assert 'pods "nosuch" not found' in pods.kubectl(*patch, fails=1)


def test_the_namespaces_pod_security_judges_it(pods: Pods) -> None:
    safe = {"name": "safe", "image": "busybox", "securityContext": SAFE}
    pods.make("hardened", containers=[safe])
    pods.kubectl("label", "namespace", pods.namespace, "pod-security.kubernetes.io/enforce=restricted")
    patch = ("patch", "pod", "hardened", "--subresource=ephemeralcontainers", "-p")
    said = pods.kubectl(*patch, json.dumps({"spec": {"ephemeralContainers": [CONTAINER]}}), fails=1)
    assert 'is forbidden: violates PodSecurity "restricted:latest"' in said
    assert 'container "probe"' in said
    allowed = CONTAINER | {"securityContext": SAFE}
    pods.kubectl(*patch, json.dumps({"spec": {"ephemeralContainers": [allowed]}}))


def test_a_container_with_an_open_input_prints_nothing_before_somebody_is_attached(pods: Pods) -> None:
    patched(pods, CONTAINER | {"command": ["echo", "hello"], "stdin": True})
    pods.until(lambda: "running" in pods.state("probe"))
    assert pods.kubectl("logs", "ratings", "-c", "probe") == ""
    assert pods.kubectl("attach", "ratings", "-c", "probe") == "hello\n"
    pods.until(lambda: "terminated" in pods.state("probe"))


def test_a_container_that_nobody_attaches_to_starts_after_a_while(pods: Pods, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meshglobal.sandbox.containers.instance.HOLD", 0.05)
    patched(pods, CONTAINER | {"command": ["echo", "hello"], "stdin": True})
    pods.until(lambda: "terminated" in pods.state("probe"))
    assert pods.kubectl("logs", "ratings", "-c", "probe") == "hello\n"


def test_words_that_are_no_text_do_no_harm(pods: Pods) -> None:
    container = CONTAINER | {"command": ["echo", "half a character: \ud800"]}
    body = json.dumps({"spec": {"ephemeralContainers": [container]}})
    patch = "application/strategic-merge-patch+json"
    answer = ask(pods.served, "PATCH", f"{pods.path}/ephemeralcontainers", body, Content_Type=patch)
    assert answer.status == 200
    pods.until(lambda: "terminated" in pods.state("probe"))
    assert pods.kubectl("logs", "ratings", "-c", "probe") == "half a character: \N{REPLACEMENT CHARACTER}\n"
