from __future__ import annotations

import asyncio

import pytest

from meshglobal.sandbox.containers import programs
from meshglobal.sandbox.containers.environment import environment_of
from meshglobal.sandbox.containers.images import argv_of
from meshglobal.sandbox.containers.network import Refusal
from meshglobal.sandbox.containers.streams import STDIN_LIMIT, Stdin
from tests.sandbox.containers.pod_network import ADDRESS, Done, run


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("true",), Done(0, "", "")),
        (("/bin/false",), Done(1, "", "")),
        (("echo", "a", " b"), Done(0, "a  b\n", "")),
        (("echo", "-n", "a"), Done(0, "a", "")),
        (("hostname",), Done(0, "ratings\n", "")),
        (("hostname", "-i"), Done(0, "10.1.1.9\n", "")),
        (("hostname", "new"), Done(1, "", "hostname: sethostname: Operation not permitted\n")),
        (("env",), Done(0, "HOSTNAME=ratings\n", "")),
        (("sleep", "0.01", "0s"), Done(0, "", "")),
        (("sleep", "soon"), Done(1, "", "sleep: invalid number 'soon'\n")),
        (("cat", "/etc/passwd", "-"), Done(1, "input", "cat: can't open '/etc/passwd': No such file or directory\n")),
        (("getent", "hosts", "known"), Done(0, f"{ADDRESS:<15} known\n", "")),
        (("getent", "hosts", "closed"), Done(0, "10.1.1.1        closed\n", "")),
        (("getent", "hosts", "unknown"), Done(2, "", "")),
    ],
)
def test_a_small_program_does_what_its_name_says(argv: tuple[str, ...], expected: Done) -> None:
    assert run(*argv, stdin=b"input", known=1, closed=Refusal(("10.1.1.1",))) == expected


def test_a_name_server_is_asked_for_what_the_pod_knows() -> None:
    assert f"Name:\tknown\nAddress: {ADDRESS}\n" in run("nslookup", "known", known=1).out
    unknown = run("nslookup", "unknown")
    assert unknown.code == 1
    assert "** server can't find unknown: NXDOMAIN" in unknown.out


def test_a_program_that_is_not_there_is_named_with_those_that_are() -> None:
    done = run("sh", "-c", "id")
    assert done.code == 127
    assert 'exec: "sh": executable file not found in $PATH: unknown' in done.err
    assert "they run curl, true" in done.err


def test_a_program_that_runs_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LONGEST", 0.01)
    assert run("sleep", "infinity").code == 137


@pytest.mark.parametrize(
    ("container", "argv"),
    [
        ({"image": "curlimages/curl", "command": ["curl", "-v"], "args": ["x"]}, ("curl", "-v", "x")),
        ({"image": "docker.io/curlimages/curl:8.1@sha256:0"}, ("curl",)),
        ({"image": "curlimages/curl", "args": ["-v", "x"]}, ("curl", "-v", "x")),
        ({"image": "curlimages/curl", "args": ["curl", "x"]}, ("curl", "x")),
        ({"image": "localhost:5000/busybox:1"}, ("sh",)),
        ({"image": "busybox", "args": ["env"]}, ("env",)),
    ],
)
def test_an_image_begins_with_its_own_program(container: dict[str, object], argv: tuple[str, ...]) -> None:
    assert argv_of(container) == argv


def test_the_environment_is_the_pods_and_not_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHGLOBAL_SECRET", "word")
    field = {"fieldRef": {"fieldPath": "status.podIP"}}
    pod = {"metadata": {"name": "p", "namespace": "n"}, "spec": {}, "status": {"podIP": "10.1.1.1"}}
    found = environment_of(pod, {"env": [{"name": "A", "value": "b"}, {"name": "IP", "valueFrom": field}]})
    assert (found["A"], found["IP"], found["HOSTNAME"]) == ("b", "10.1.1.1", "p")
    assert "MESHGLOBAL_SECRET" not in found


def test_who_feeds_a_program_waits_while_it_does_not_read() -> None:
    async def inside() -> tuple[bool, int]:
        stdin = Stdin()
        await stdin.feed(b"x" * STDIN_LIMIT)
        more = asyncio.create_task(stdin.feed(b"y"))
        await asyncio.sleep(0)
        waited = not more.done()
        read = len(await stdin.read(STDIN_LIMIT))
        await more
        return waited, read

    assert asyncio.run(inside()) == (True, STDIN_LIMIT)
