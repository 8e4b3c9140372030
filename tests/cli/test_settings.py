"""Where settings come from: flags before environment before config file before defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import Meshglobal

from meshglobal.domain.errors import UsageError
from meshglobal.settings import percent, seconds

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: east
clusters:
- {name: a, cluster: {server: "https://user:secret@127.0.0.1:1"}}
users:
- {name: u, user: {token: t-0123}}
contexts:
- {name: east, context: {cluster: a, user: u, namespace: shop}}
- {name: west, context: {cluster: a, user: u}}
"""


@pytest.fixture
def contexts(tmp_path: Path, meshglobal: Meshglobal) -> Meshglobal:
    """Runs `config contexts` with two contexts and no cluster behind them."""
    (tmp_path / "mesh.kubeconfig").write_text(KUBECONFIG, encoding="utf-8")

    def call(*arguments: str) -> list[str]:
        ran = meshglobal("config", "contexts", "-o", "json", *arguments)
        assert ran.code == 0, ran.err
        return [ran.document["source"], *(one["context"] for one in ran.document["contexts"])]

    return call


def config(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config" / "meshglobal" / "config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_contexts_come_from_the_first_who_names_some(
    contexts: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert contexts() == ["the kubeconfig's current-context", "east"]
    monkeypatch.setenv("REMOTE_CONTEXT1", "west")
    monkeypatch.setenv("REMOTE_CONTEXT2", "east")
    assert contexts() == ["REMOTE_CONTEXT1, REMOTE_CONTEXT2, …", "west", "east"]
    config(tmp_path, "context: [east]\n")
    assert contexts() == ["the config file", "east"]
    monkeypatch.setenv("MESHGLOBAL_CONTEXTS", "w*")
    assert contexts() == ["MESHGLOBAL_CONTEXTS", "west"]
    assert contexts("--context", "/t$/,!west") == ["--context", "east"]
    assert contexts("--all-contexts") == ["--all-contexts", "east", "west"]


def test_no_secret_of_the_kubeconfig_is_shown(contexts: Meshglobal, meshglobal: Meshglobal) -> None:
    contexts()
    ran = meshglobal("config", "contexts", "--all-contexts")
    assert "https://127.0.0.1:1" in ran.out
    assert "secret" not in ran.out + ran.err
    assert "t-0123" not in ran.out + ran.err


def test_an_option_is_taken_from_the_flag_then_the_environment_then_the_file(
    contexts: Meshglobal, meshglobal: Meshglobal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts()
    config(tmp_path, "output: name\n")
    assert meshglobal("config", "contexts").out == "east\n"
    monkeypatch.setenv("MESHGLOBAL_OUTPUT", "table")
    assert meshglobal("config", "contexts").out.startswith("CONTEXT")
    assert meshglobal("config", "contexts", "-o", "name").out == "east\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("outptu: json\n", "did you mean output?"),
        ("- a\n", "must hold a mapping"),
        ("a: [\n", "config.yaml:2:"),
        ("workers: many\n", "workers"),
    ],
)
def test_a_bad_config_file_is_named_with_its_place(
    text: str, says: str, contexts: Meshglobal, meshglobal: Meshglobal, tmp_path: Path
) -> None:
    contexts()
    config(tmp_path, text)
    ran = meshglobal("verify", "-o", "json")
    assert ran.code == 2
    assert says in ran.err
    assert ran.document["exitCode"] == 2


@pytest.mark.parametrize(
    ("text", "value"), [("90s", 90.0), ("5m", 300.0), ("1m30s", 90.0), ("500ms", 0.5), ("2h", 7200.0), ("7", 7.0)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text, "--timeout") == value


@given(st.text(max_size=8))
def test_what_is_no_duration_or_share_is_a_usage_error(text: str) -> None:
    for read in (seconds, percent):
        try:
            assert read(text, "--option") >= 0
        except UsageError as error:
            said = str(error)
        else:
            continue
        assert said.startswith("--option")
