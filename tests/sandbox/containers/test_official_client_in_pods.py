"""The official Python client runs programs in pods, attaches, and forwards ports."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward, stream

from tests.sandbox.containers.conftest import BODY, Pods
from tests.sandbox.containers.pod_network import HOST

# The client leaves sockets to the garbage collector: after a whole session, and where the handshake is refused.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collect those sockets while it is known whose they are."""
    yield
    gc.collect()


@pytest.fixture
def core(pods: Pods) -> Iterator[client.CoreV1Api]:
    with config.new_client_from_config(str(pods.served.kubeconfig), persist_config=False) as api:
        yield client.CoreV1Api(api)


def test_stream_returns_what_a_program_prints(core: client.CoreV1Api, pods: Pods) -> None:
    printed = stream(
        core.connect_get_namespaced_pod_exec,
        "ratings",
        pods.namespace,
        command=["curl", "-s", f"http://{HOST}:9080/"],
        stdout=True,
        stderr=True,
        stdin=False,
        tty=False,
    )
    assert printed == BODY.decode()


def test_stream_knows_the_exit_code_and_keeps_the_streams_apart(core: client.CoreV1Api, pods: Pods) -> None:
    session = stream(
        core.connect_get_namespaced_pod_exec,
        "ratings",
        pods.namespace,
        command=["cat", "-", "/nosuch"],
        stdout=True,
        stderr=True,
        stdin=True,
        tty=False,
        _preload_content=False,
    )
    assert session.subprotocol == "v5.channel.k8s.io"
    session.write_stdin("hello\n")
    assert session.readline_stdout(timeout=10) == "hello"
    session.close_channel(0)
    session.run_forever(timeout=10)
    assert session.read_stderr() == "cat: can't open '/nosuch': No such file or directory\n"
    assert session.returncode == 1
    session.close()


def test_an_ephemeral_container_is_added_and_its_log_read(core: client.CoreV1Api, pods: Pods) -> None:
    body = {"spec": {"ephemeralContainers": [{"name": "probe", "image": "busybox", "command": ["echo", "hello"]}]}}
    core.patch_namespaced_pod_ephemeralcontainers("ratings", pods.namespace, body)
    pods.until(lambda: "terminated" in pods.state("probe"))
    assert core.read_namespaced_pod_log("ratings", pods.namespace, container="probe") == "hello\n"
    read = core.read_namespaced_pod_ephemeralcontainers("ratings", pods.namespace)
    assert read.status.ephemeral_container_statuses[0].state.terminated.exit_code == 0


def test_attach_shows_what_comes_after_it(core: client.CoreV1Api, pods: Pods) -> None:
    pods.add(name="reader", command=["cat"], stdin=True, tty=True)
    pods.until(lambda: "running" in pods.state("reader"))
    session = stream(
        core.connect_get_namespaced_pod_attach,
        "ratings",
        pods.namespace,
        container="reader",
        stdin=True,
        stdout=True,
        stderr=False,
        tty=True,
        _preload_content=False,
    )
    session.write_stdin("a\nb\x04")
    session.run_forever(timeout=10)
    assert session.read_stdout() == "a\r\nb"
    session.close()


def test_a_terminal_ends_a_program_with_control_c(core: client.CoreV1Api, pods: Pods) -> None:
    session = stream(
        core.connect_get_namespaced_pod_exec,
        "ratings",
        pods.namespace,
        command=["sleep", "infinity"],
        stdout=True,
        stderr=False,
        stdin=True,
        tty=True,
        _preload_content=False,
    )
    session.write_stdin("\x03")
    session.run_forever(timeout=10)
    assert session.returncode == 130
    session.close()


def test_a_port_is_forwarded(core: client.CoreV1Api, pods: Pods) -> None:
    forwarded = portforward(core.connect_get_namespaced_pod_portforward, "ratings", pods.namespace, ports="9080")
    connection = forwarded.socket(9080)
    connection.settimeout(10)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    got = b""
    while BODY not in got:
        got += connection.recv(4096)
    assert forwarded.error(9080) is None
    connection.close()
    forwarded.close()


def test_a_session_that_may_not_be_is_refused_with_the_reason(core: client.CoreV1Api, pods: Pods) -> None:
    with pytest.raises(ApiException, match="nosuch"):
        stream(
            core.connect_get_namespaced_pod_exec, "nosuch", pods.namespace, command=["true"], stdout=True, stderr=True
        )
