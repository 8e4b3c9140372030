"""The real kubectl runs programs in pods: debug, exec, attach, logs, run."""

from __future__ import annotations

import re
import urllib.request

import pytest

from meshglobal.sandbox.containers.network import NoNetwork
from tests.sandbox.containers.conftest import BODY, Pods
from tests.sandbox.containers.pod_network import HOST

URL = f"http://{HOST}:9080/productpage"


def test_the_guides_debug_command_prints_the_page(pods: Pods) -> None:
    debug = ("debug", "-i", "pods/ratings", "--image=curlimages/curl", "--", "curl", "-vik", URL)
    printed = pods.kubectl(*debug)
    assert re.match(r"Defaulting debug container name to debugger-\w{5}\.\nHTTP/1\.1 200 OK\r?\n", printed)
    assert printed.endswith(BODY.decode())
    told = pods.kubectl.stderr(*debug)
    assert "If you don't see a command prompt, try pressing enter." in told
    assert "< HTTP/1.1 200 OK" in told
    assert "x-served-by-cluster: east" in told
    names = [each["name"] for each in pods.pod()["spec"]["ephemeralContainers"]]
    assert [pods.state(name)["terminated"]["exitCode"] for name in names] == [0, 0]
    assert BODY.decode() in pods.kubectl("logs", "ratings", "-c", names[0])


def test_debug_without_input_leaves_its_output_in_the_log(pods: Pods) -> None:
    pods.kubectl("debug", "ratings", "--image=curlimages/curl", "-c", "probe", "--", "curl", "-s", "http://nosuch/")
    pods.until(lambda: "terminated" in pods.state("probe"))
    assert pods.state("probe")["terminated"]["exitCode"] == 6
    assert pods.state("probe")["terminated"]["reason"] == "Error"
    assert pods.kubectl("logs", "ratings", "-c", "probe") == ""


def test_debug_with_a_shell_says_that_there_is_none(pods: Pods) -> None:
    assert 'exec: "sh": executable file not found in $PATH' in pods.kubectl("debug", "-i", "ratings", "--image=busybox")
    (name,) = [each["name"] for each in pods.pod()["spec"]["ephemeralContainers"]]
    assert pods.state(name)["terminated"]["reason"] == "StartError"


def test_debug_passes_its_input_on(pods: Pods) -> None:
    printed = pods.kubectl("debug", "-i", "ratings", "--image=busybox", "-q", "--", "cat", stdin="one\ntwo\n")
    assert printed == "one\ntwo\n"


def test_exec_prints_and_ends_as_the_program_does(pods: Pods) -> None:
    form = "%{http_code} %{remote_ip}\\n"
    printed = pods.kubectl("exec", "ratings", "--", "curl", "-sS", "-o", "/dev/null", "-w", form, URL)
    assert printed == "200 240.240.0.7\n"
    assert "command terminated with exit code 6" in pods.kubectl(
        "exec", "ratings", "--", "curl", "-sS", "http://nosuch/", fails=6
    )


def test_exec_passes_input_on_to_its_end(pods: Pods) -> None:
    text = "".join(f"line {number}\n" for number in range(20_000))
    assert pods.kubectl("exec", "-i", "ratings", "--", "cat", stdin=text) == text


def test_exec_of_what_is_not_there_ends_with_127(pods: Pods) -> None:
    said = pods.kubectl("exec", "ratings", "--", "sh", "-c", "id", fails=127)
    assert 'OCI runtime exec failed: exec failed: unable to start container process: exec: "sh"' in said


def test_exec_into_what_does_not_run_is_refused(pods: Pods) -> None:
    pods.add(name="done", command=["true"])
    pods.until(lambda: "terminated" in pods.state("done"))
    assert 'container not found ("done")' in pods.kubectl("exec", "ratings", "-c", "done", "--", "true", fails=1)
    assert 'pods "nosuch" not found' in pods.kubectl("exec", "nosuch", "--", "true", fails=1)


def test_logs_are_followed_until_the_container_ends(pods: Pods) -> None:
    pods.add(name="reader", command=["cat"], stdin=True)
    following = pods.kubectl.start("logs", "-f", "ratings", "-c", "reader")
    pods.until(lambda: "running" in pods.state("reader"))
    pods.kubectl("attach", "-i", "ratings", "-c", "reader", stdin="first\nsecond\n")
    assert following.until("second") == "first\nsecond\n"
    assert following.process.wait(30) == 0


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), "1\n2\n3"),
        (("--tail=2",), "2\n3"),
        (("--tail=0",), ""),
        (("--limit-bytes=3",), "1\n2"),
        (("--since=1h",), "1\n2\n3"),
        (("--since-time=2100-01-01T00:00:00Z",), ""),
        (("--tail=1", "-f"), "3"),
    ],
)
def test_a_log_is_shown_in_part(pods: Pods, options: tuple[str, ...], shown: str) -> None:
    pods.add(name="counter", command=["echo", "-n", "1\n2\n3"])
    pods.until(lambda: "terminated" in pods.state("counter"))
    assert pods.kubectl("logs", "ratings", "-c", "counter", *options) == shown


def test_a_log_with_times_names_the_moment_of_each_line(pods: Pods) -> None:
    pods.add(name="counter", command=["echo", "1\n2"])
    pods.until(lambda: "terminated" in pods.state("counter"))
    lines = pods.kubectl("logs", "ratings", "-c", "counter", "--timestamps").splitlines()
    assert [re.sub(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z ", "T ", line) for line in lines] == ["T 1", "T 2"]


def test_there_is_no_log_of_a_container_before_this_one(pods: Pods) -> None:
    said = pods.kubectl("logs", "ratings", "--previous", fails=1)
    assert 'previous terminated container "ratings" in pod "ratings" not found' in said


def test_who_attaches_to_what_only_looks_as_if_it_ran_is_told_so(pods: Pods) -> None:
    assert "runs no program, it only looks so" in pods.kubectl.stderr("attach", "ratings")


def test_a_copy_of_a_pod_runs_the_program_that_one_talks_to(pods: Pods) -> None:
    debug = ("debug", "-i", "ratings", "--image=curlimages/curl", "--copy-to=copy", "-c", "probe", "-q", "--")
    assert pods.kubectl(*debug, "curl", "-s", URL) == BODY.decode()
    status = pods.pod("copy")["status"]
    assert status["phase"] == "Running"
    ready = {each["type"]: each["status"] for each in status["conditions"]}
    assert (ready["Ready"], ready["PodScheduled"]) == ("False", "True")
    assert {each["name"]: each["ready"] for each in status["containerStatuses"]} == {"ratings": True, "probe": False}


def test_a_pod_with_a_shell_to_talk_to_fails_and_says_why(pods: Pods) -> None:
    run = ("run", "shell", "-i", "--restart=Never", "--image=busybox", "--", "sh")
    assert 'exec: "sh": executable file not found in $PATH' in pods.kubectl(*run, fails=128)
    assert pods.pod("shell")["status"]["phase"] == "Failed"


def test_kubectl_that_insists_on_spdy_is_told_what_is_spoken(pods: Pods) -> None:
    old = {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false"}
    said = pods.kubectl("exec", "ratings", "--", "true", fails=1, env=old)
    assert "the sandbox speaks WebSocket with v5.channel.k8s.io and v4.channel.k8s.io" in said


def test_a_pod_of_its_own_runs_to_its_end_and_is_gone(pods: Pods) -> None:
    run = ("run", "probe", "--rm", "-i", "--restart=Never", "--image=curlimages/curl", "--")
    assert BODY.decode() in pods.kubectl(*run, "curl", "-s", URL)
    assert "not found" in pods.kubectl("get", "pod", "probe", fails=1)


def test_a_pod_that_is_not_restarted_succeeds_or_fails_with_its_program(pods: Pods) -> None:
    for name, command in (("fine", "true"), ("bad", "false")):
        pods.make(name, restartPolicy="Never", containers=[{"name": "c", "image": "busybox", "command": [command]}])
    pods.until(lambda: pods.pod("fine")["status"]["phase"] == "Succeeded")
    pods.until(lambda: pods.pod("bad")["status"]["phase"] == "Failed")
    state = pods.pod("bad")["status"]["containerStatuses"][0]["state"]
    assert state["terminated"]["exitCode"] == 1


def test_a_port_is_forwarded_connection_by_connection(pods: Pods) -> None:
    forwarding = pods.kubectl.start("port-forward", "ratings", ":9080")
    said = forwarding.until("Forwarding from 127.0.0.1:")
    port = int(re.findall(r"127\.0\.0\.1:(\d+) -> 9080", said)[0])
    try:
        for _ in range(3):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/productpage", timeout=10) as answer:
                assert answer.read() == BODY
    finally:
        forwarding.stop()


def test_a_port_that_nobody_serves_is_told(pods: Pods, monkeypatch: pytest.MonkeyPatch) -> None:
    containers = pods.served.cluster.containers
    assert containers is not None
    monkeypatch.setattr(containers, "network", NoNetwork())
    forwarding = pods.kubectl.start("port-forward", "ratings", ":1234")
    said = forwarding.until("Forwarding from 127.0.0.1:")
    port = int(re.findall(r"127\.0\.0\.1:(\d+) -> 1234", said)[0])
    with pytest.raises(OSError, match=r"closed connection|reset by peer"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
    assert "nothing listens on port 1234 of pod ratings" in forwarding.until("nothing listens")
    forwarding.stop()
