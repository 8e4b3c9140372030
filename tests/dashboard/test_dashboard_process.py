"""`meshglobal dashboard` as a process of its own: its address, its end, the browser, bundles."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from pages import Page
from served_dashboard import streamed
from served_mesh import ServedMesh, environment, served_mesh

from meshglobal.sandbox.apiserver.faults import Fault

PROGRAM = [sys.executable, "-c", "from meshglobal.cli.main import main; main()"]
SERVICES = "/api/v1/services"
DEADLINE = 30.0
PAUSE = threading.Event()  # is never set: a wait without a sleep


@dataclass
class Started:
    """A dashboard that runs."""

    process: subprocess.Popen[str]
    url: str

    @property
    def page(self) -> Page:
        place = urlsplit(self.url)
        return Page(place.port or 80, place.fragment.removeprefix("token="))

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        """Send a signal: exit code, and what was still said. It takes a second at most, more on a busy machine."""
        began = time.monotonic()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=DEADLINE)
        assert time.monotonic() - began < 5
        return self.process.returncode, out, err


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMesh]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), 2) as running:
        yield running


@pytest.fixture
def start(mesh: ServedMesh) -> Iterator[Callable[..., Started]]:
    """Starts a dashboard; whatever still runs in the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str, **more: str) -> Started:
        process = subprocess.Popen(
            [*PROGRAM, "dashboard", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(mesh.kubeconfig) | more,
        )
        running.append(process)
        out: IO[str] | None = process.stdout
        assert out is not None
        return Started(process, out.readline().strip())

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_listens_before_any_cluster_answers_and_ends_at_once_though_none_does(
    mesh: ServedMesh, start: Callable[..., Started], number: signal.Signals
) -> None:
    for name in mesh.clusters:
        mesh.fault(name, Fault(hangs=True))
    try:
        one = start("--all-contexts", "--no-open", "-q")
        found = one.page.document(SERVICES)
        assert [(each["reached"], each["unread"][0]["failure"]["message"]) for each in found["clusters"]] == [
            (False, "it has not been read yet")
        ] * 2
        with streamed(one.page) as stream, streamed(one.page) as other:
            assert (stream.next().name, other.next().name) == ("hello", "hello")
            one.page.ask(f"{SERVICES}/bookinfo/productpage")  # begins a reading of pods, which hangs as well
            assert one.end(number) == (130, "", "")
            assert stream.until(lambda each: each.name == "ended").data["message"]
            assert other.until(lambda each: each.name == "ended").data["message"]
    finally:
        for name in mesh.clusters:
            mesh.call(lambda name=name: mesh.clusters[name].faults.clear())


def test_the_browser_is_told_by_a_file_that_only_its_owner_reads(tmp_path: Path, start: Callable[..., Started]) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\necho "$1" > {seen}.part\nstat -c %a "${{1#file://}}" >> {seen}.part\n'
        f'cat "${{1#file://}}" >> {seen}.part\nmv {seen}.part {seen}\n',
        encoding="utf-8",
    )
    browser.chmod(0o700)
    one = start("--open", BROWSER=f"{browser} %s", TMPDIR=str(tmp_path))
    until(seen.exists)
    address, mode, page = seen.read_text(encoding="utf-8").split("\n", 2)
    assert address.startswith(f"file://{tmp_path}/meshglobal-")
    assert mode == "600"
    assert one.url in page
    assert one.page.token not in address
    assert one.page.token not in Path(f"/proc/{one.process.pid}/cmdline").read_text(encoding="utf-8")
    assert one.end(signal.SIGINT)[0] == 130
    assert not list(tmp_path.glob("meshglobal-*"))


def test_without_a_browser_it_says_so_and_goes_on(tmp_path: Path, start: Callable[..., Started]) -> None:
    more = {"BROWSER": "false %s", "TMPDIR": str(tmp_path), "PATH": str(tmp_path), "MESHGLOBAL_NAMESPACE": "shop"}
    one = start("--open", "-A", **more)
    assert one.process.stderr is not None
    told = []
    until(lambda: "no browser could be started" in (told.append(one.process.stderr.readline()) or told[-1]))
    assert one.page.document("/api/v1/about")["namespace"] is None, "-A comes before the variable"


def test_a_token_of_the_users_own_is_not_printed(tmp_path: Path, start: Callable[..., Started]) -> None:
    secret = tmp_path / "token"
    secret.write_text("a-secret-of-my-own-0123", encoding="utf-8")
    secret.chmod(0o600)
    one = start("--no-open", "--listen", "127.0.0.1", "--token-file", str(secret))
    assert one.url == f"http://127.0.0.1:{one.page.port}/"
    page = Page(one.page.port, secret.read_text(encoding="utf-8"))
    assert page.document("/api/v1/about")["kind"] == "About"
    _, out, err = one.end(signal.SIGINT)
    assert (out, f"hint: append #token= and what stands in {secret}\n" in err) == ("", True)
    assert page.token not in err


def test_a_bundle_is_shown_as_it_was_collected(mesh: ServedMesh, tmp_path: Path, start: Callable[..., Started]) -> None:
    bundle = tmp_path / "bundles" / "mesh.tar.gz"
    bundle.parent.mkdir()
    made = subprocess.run(
        [*PROGRAM, "collect", "-n", "bookinfo", "--all-contexts", "--out", str(bundle)],
        env=environment(mesh.kubeconfig), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    one = start("--no-open", "--from", str(bundle), KUBECONFIG="/nowhere")
    until(lambda: one.page.document(SERVICES)["exitCode"] == 0)
    about = one.page.document("/api/v1/about")
    assert (about["source"], about["namespace"], about["writes"]) == ("bundle", "bookinfo", False)
    assert about["takenAt"] <= about["startedAt"]
    assert [each["context"] for each in about["contexts"]] == ["cluster1", "cluster2"]
    detail = one.page.ask(f"{SERVICES}/bookinfo/productpage")
    assert (detail.status, detail.document["service"]["name"]) == (200, "productpage")
    until(lambda: one.page.document("/api/v1/clusters")["peering"])
    with streamed(one.page) as stream:
        assert stream.next().name == "hello"
    assert str(bundle.parent) not in json.dumps([about, detail.document])
    assert one.end(signal.SIGINT)[0] == 130


def test_what_cannot_be_followed_ends_it_with_a_sentence(start: Callable[..., Started]) -> None:
    one = start("--no-open", "-l", "a in (")
    _, err = one.process.communicate(timeout=DEADLINE)
    assert one.process.returncode == 2
    assert err.startswith("error: ")
    assert "Traceback" not in err


def test_settings_say_which_contexts_are_protected(tmp_path: Path, start: Callable[..., Started]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("protected-contexts: ['*2']\nnamespace: shop\n", encoding="utf-8")
    one = start("--no-open", "--all-contexts", MESHGLOBAL_CONFIG=str(config))
    about = one.page.document("/api/v1/about")
    assert (about["protectedContexts"], about["namespace"]) == (["cluster2"], "shop")


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < deadline
        PAUSE.wait(0.02)
