"""Mistakes in the config file, in variables and in the kubeconfig: told with their place, never carried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from ran import Meshglobal

TWO = """
current-context: east
clusters:
- {name: a, cluster: {server: "https://127.0.0.1:1"}}
contexts:
- {name: east, context: {cluster: a}}
- {name: west, context: {cluster: a}}
"""


@pytest.fixture
def kubeconfig(tmp_path: Path, meshglobal: Meshglobal) -> Path:
    """Two contexts, and no cluster behind them."""
    del meshglobal
    path = tmp_path / "mesh.kubeconfig"
    path.write_text(TWO, encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "meshglobal" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("workers: lots\n", "workers: 'lots' is no number from 1 to 512"),
        ("workers: [1]\n", "workers: [1] is no text"),
        ("workers: 0\n", "workers: 0 is no number"),
        ("output: xml\n", "output: 'xml' is none of table, wide, json, yaml, name"),
        ("fail-on: no\n", "fail-on: False is none of unknown, warning, error, never"),
        ("color: []\n", "color: [] is none of"),
        ("timeout: {a: 1}\n", "timeout: {'a': 1} is no text"),
        ("timeout: soon\n", "timeout: 'soon' is no duration"),
        ("min-coverage: 200\n", "min-coverage: '200' is no share"),
        ("namespace: true\n", "namespace: True is no text"),
        ("read-only: maybe\n", "read-only: 'maybe' is neither true nor false"),
        ("context: {a: b}\n", "context: {'a': 'b'} is no text"),
        ("context: [[a]]\n", "context: ['a'] is no text"),
        ("- a\n", "must hold a mapping"),
        ("a: [\n", ":2: "),
        ("\x00", "is no text file in YAML"),
    ],
)
def test_a_mistake_in_the_config_file_is_told_with_the_file(
    text: str, said: str, config: Path, kubeconfig: Path, meshglobal: Meshglobal
) -> None:
    del kubeconfig
    config.write_text(text, encoding="utf-8")
    ran = meshglobal("config", "contexts")
    assert ran.code == 2
    assert str(config) in ran.err
    assert said in ran.err


def test_a_config_file_that_is_no_text_is_told(config: Path, kubeconfig: Path, meshglobal: Meshglobal) -> None:
    del kubeconfig
    config.write_bytes(b"\xff\xfe")
    ran = meshglobal("config", "contexts")
    assert (ran.code, "is no text file" in ran.err) == (2, True)


def test_a_number_may_stand_for_text(config: Path, kubeconfig: Path, meshglobal: Meshglobal) -> None:
    kubeconfig.write_text(TWO.replace("west", "'5'"), encoding="utf-8")
    config.write_text("context: 5\ntimeout: 5\nmin-coverage: 80\nworkers: 3\n", encoding="utf-8")
    ran = meshglobal("config", "contexts", "-o", "name")
    assert (ran.code, ran.out) == (0, "5\n")


def test_the_configured_format_holds_for_errors(config: Path, kubeconfig: Path, meshglobal: Meshglobal) -> None:
    del kubeconfig
    config.write_text("output: json\n", encoding="utf-8")
    ran = meshglobal("verify", "pod/x")
    assert (ran.code, ran.document["exitCode"], ran.document["command"]) == (2, 2, "verify")
    assert meshglobal("verify", "pod/x", "-o", "name").out == ""


@pytest.mark.parametrize("value", ["", ",", " , "])
def test_a_variable_that_was_not_set_stands_for_no_other_contexts(
    value: str, kubeconfig: Path, meshglobal: Meshglobal
) -> None:
    del kubeconfig
    ran = meshglobal("config", "contexts", "--context", value)
    assert (ran.code, "names no context" in ran.err) == (2, True)


def test_a_list_of_contexts_with_nothing_in_it_is_refused(
    kubeconfig: Path, meshglobal: Meshglobal, monkeypatch: pytest.MonkeyPatch
) -> None:
    del kubeconfig
    monkeypatch.setenv("MESHGLOBAL_CONTEXTS", ",")
    assert meshglobal("config", "contexts").code == 2
    monkeypatch.setenv("MESHGLOBAL_CONTEXTS", "")
    assert meshglobal("config", "contexts", "-o", "name").out == "east\n"


def test_a_kubeconfig_without_contexts_is_called_so(kubeconfig: Path, meshglobal: Meshglobal) -> None:
    kubeconfig.write_text("", encoding="utf-8")
    ran = meshglobal("verify")
    assert (ran.code, "the kubeconfig has no contexts" in ran.err) == (2, True)


def test_a_path_that_is_none_is_told_with_its_line(kubeconfig: Path, meshglobal: Meshglobal) -> None:
    kubeconfig.write_text(f"{TWO}users:\n- name: u\n  user: {{client-certificate: 5}}\n", encoding="utf-8")
    ran = meshglobal("verify")
    assert ran.code == 3
    assert f"{kubeconfig}:9: client-certificate must be a path" in ran.err


def test_an_option_without_its_value_points_to_the_help_of_its_command(meshglobal: Meshglobal) -> None:
    assert "hint: meshglobal verify --help" in meshglobal("verify", "--timeout").err
