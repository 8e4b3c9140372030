"""`dashboard`: what is refused before anything listens."""

from __future__ import annotations

from pathlib import Path

import pytest
from ran import Meshglobal
from served_mesh import ServedMesh


@pytest.fixture
def kubeconfig(tmp_path: Path, meshglobal: Meshglobal) -> Path:
    """A cluster that nobody is asked for."""
    del meshglobal
    path = tmp_path / "mesh.kubeconfig"
    path.write_text(
        "{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a}}], "
        "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]}",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--allow-writes", "--read-only"), "--allow-writes and --read-only exclude each other"),
        (("--allow-writes", "--from", "."), "--allow-writes changes clusters"),
        (("--listen", "192.0.2.7:80"), "--listen 192.0.2.7 is no loopback address"),
        (("--listen", "dash.example:80"), "--listen 'dash.example:80' is no address"),
        (("--listen", "127.0.0.1:80", "--port", "81"), "different ports"),
        (("--port", "65536"), "65536"),
        (("--token-file", "nowhere"), "--token-file nowhere cannot be read"),
        (("--waivers", "nowhere"), "nowhere"),
        (("--context", "nobody"), "nobody"),
    ],
)
def test_what_does_not_go_together_is_refused(
    kubeconfig: Path, meshglobal: Meshglobal, words: tuple[str, ...], says: str
) -> None:
    assert kubeconfig.exists()
    ran = meshglobal("dashboard", "--no-open", *words)
    assert (ran.code, ran.out, says in ran.err) == (2, "", True), ran.err


@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_setting_forbids_writes(
    kubeconfig: Path, meshglobal: Meshglobal, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "environment":
        monkeypatch.setenv("MESHGLOBAL_READ_ONLY", "1")
    else:
        config = kubeconfig.parent / "config" / "meshglobal" / "config.yaml"
        config.parent.mkdir(parents=True)
        config.write_text("read-only: true\n", encoding="utf-8")
    ran = meshglobal("dashboard", "--no-open", "--allow-writes")
    assert (ran.code, "--read-only exclude" in ran.err) == (2, True), ran.err


def test_a_port_that_is_taken_is_told_in_a_sentence(mesh: ServedMesh, meshglobal: Meshglobal) -> None:
    port = next(iter(mesh.clusters.values())).listener.port
    ran = meshglobal("dashboard", "--no-open", "--port", str(port))
    assert (ran.code, f"cannot listen on 127.0.0.1:{port}: Address already in use" in ran.err) == (2, True), ran.err
