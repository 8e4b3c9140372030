"""The requests about pods that calls need: rights, states, containers and pods that are made and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from meshglobal.app.call_ports import Right
from meshglobal.domain import kinds
from meshglobal.domain.failure import Cause
from meshglobal.kube.answer import JSON, STRATEGIC_PATCH, Request
from meshglobal.kube.client import Client
from meshglobal.kube.failing import ClusterError

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


class _Allowed(msgspec.Struct, frozen=True):
    allowed: bool = False


class _Review(msgspec.Struct, frozen=True):
    status: _Allowed = _Allowed()


class Waiting(msgspec.Struct, frozen=True):
    """Why a container has not started."""

    reason: str = ""
    message: str = ""


class Terminated(msgspec.Struct, frozen=True, rename="camel"):
    """How a container ended."""

    exit_code: int = 0
    reason: str = ""
    message: str = ""


class State(msgspec.Struct, frozen=True):
    """One of three, or none of them yet."""

    waiting: Waiting | None = None
    running: dict[str, Any] | None = None
    terminated: Terminated | None = None


class _Container(msgspec.Struct, frozen=True):
    name: str
    state: State = State()


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    phase: str = ""
    message: str = ""
    container_statuses: list[_Container] | None = None
    ephemeral_container_statuses: list[_Container] | None = None


class _Pod(msgspec.Struct, frozen=True):
    status: _Status = _Status()


class _Pods(msgspec.Struct, frozen=True):
    items: list[_Pod] | None = None


def pod_path(namespace: str, name: str | None = None) -> str:
    """The URL path of a pod, or of all pods of a namespace."""
    return kinds.POD.path(namespace, name)


def lacking(client: Client, namespace: str, rights: Sequence[Right], timeout: float) -> tuple[Right, ...]:
    """Which of some rights the server says that we do not have.

    Raises:
        ClusterError: it does not say.
    """
    return tuple(right for right in rights if not _may(client, namespace, right, timeout))


def _may(client: Client, namespace: str, right: Right, timeout: float) -> bool:
    attributes = {"namespace": namespace, "verb": right.verb, "resource": "pods", "subresource": right.subresource}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {name: value for name, value in attributes.items() if value}},
    }
    answer = client.get(Request(kinds.POD, _REVIEWS, (), "POST", msgspec.json.encode(review), JSON), timeout)
    answered: _Review = _decoded(answer.body, _Review, client)
    return answered.status.allowed


def state_of(client: Client, namespace: str, pod: str, container: str, timeout: float) -> State:
    """How a container of a pod is; a list is asked for, so that the right to get is not needed.

    Raises:
        ClusterError: it could not be asked for, or the pod is gone.
    """
    chosen = (("fieldSelector", f"metadata.name={pod}"),)
    answer = client.get(Request(kinds.POD, pod_path(namespace), chosen), timeout)
    found = _decoded(answer.body, _Pods, client).items
    if not found:
        raise ClusterError(Cause.NOT_FOUND, f"pod {pod} is gone", client.context)
    status = found[0].status
    statuses = [*(status.container_statuses or ()), *(status.ephemeral_container_statuses or ())]
    state = next((one.state for one in statuses if one.name == container), State())
    if state == State() and status.phase == "Failed":
        raise ClusterError(
            Cause.REJECTED, f"pod {pod} failed: {status.message or 'no reason is given'}", client.context
        )
    return state


def add_container(client: Client, namespace: str, pod: str, container: dict[str, Any], timeout: float) -> None:
    """Add an ephemeral container to a pod; raises ClusterError."""
    body = msgspec.json.encode({"spec": {"ephemeralContainers": [container]}})
    path = f"{pod_path(namespace, pod)}/ephemeralcontainers"
    client.get(Request(kinds.POD, path, (), "PATCH", body, STRATEGIC_PATCH), timeout)


def create(client: Client, namespace: str, pod: dict[str, Any], timeout: float) -> None:
    """Create a pod; raises ClusterError."""
    client.get(Request(kinds.POD, pod_path(namespace), (), "POST", msgspec.json.encode(pod), JSON), timeout)


def delete(client: Client, namespace: str, pod: str, timeout: float) -> None:
    """Delete a pod at once; one that is gone is fine. Raises ClusterError."""
    try:
        client.get(Request(kinds.POD, pod_path(namespace, pod), (("gracePeriodSeconds", "0"),), "DELETE"), timeout)
    except ClusterError as error:
        if error.cause is not Cause.NOT_FOUND:
            raise


def _decoded(body: bytes, record: type[Any], client: Client) -> Any:
    try:
        return msgspec.json.decode(body, type=record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ClusterError(Cause.UNREADABLE, f"the server's answer cannot be read: {error}", client.context) from error
