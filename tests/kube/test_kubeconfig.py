"""Kubeconfig files: precedence, merging, paths, errors, and one read each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from meshglobal.domain.errors import CannotCheckError, ExitCode, UsageError
from meshglobal.kube.in_cluster import in_cluster_config
from meshglobal.kube.kubeconfig import load


def write(path: Path, *contexts: str, **more: Any) -> Path:
    """A kubeconfig whose contexts, clusters and users have the same names; servers carry the file's name."""
    document = {
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in contexts],
        "clusters": [{"name": name, "cluster": {"server": f"https://{path.stem}.{name}"}} for name in contexts],
        "users": [{"name": name, "user": {"token": f"{path.stem}-{name}"}} for name in contexts],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document | more))
    return path


def test_the_flag_beats_the_variable(tmp_path: Path) -> None:
    flag, variable = write(tmp_path / "flag", "a"), write(tmp_path / "variable", "b")
    assert list(load(str(flag), {"KUBECONFIG": str(variable)}).contexts) == ["a"]


def test_the_variable_beats_the_default(tmp_path: Path) -> None:
    write(tmp_path / ".kube" / "config", "home")
    variable = write(tmp_path / "variable", "b")
    assert list(load(None, {"KUBECONFIG": str(variable), "HOME": str(tmp_path)}).contexts) == ["b"]
    assert list(load(None, {"HOME": str(tmp_path)}).contexts) == ["home"]


def test_the_first_file_that_names_a_key_wins_whole(tmp_path: Path) -> None:
    first = write(tmp_path / "first", "a", "b")
    second = write(tmp_path / "second", "b", "c")
    found = load(None, {"KUBECONFIG": f"{first}:{second}"})
    assert list(found.contexts) == ["a", "b", "c"]
    assert found.server_of("b") == "https://first.b"
    assert found.users["b"].body == {"token": "first-b"}
    assert found.server_of("c") == "https://second.c"


def test_of_two_entries_with_one_name_in_a_file_the_first_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "twice", "a", clusters=[{"name": "a", "cluster": {"server": f"https://{n}"}} for n in "12"])
    assert load(str(path), {}).server_of("a") == "https://1"


def test_the_current_context_comes_from_the_first_file_that_sets_it(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "1", "a", **{"current-context": ""}),
        write(tmp_path / "2", "b", **{"current-context": "b"}),
        write(tmp_path / "3", "c", **{"current-context": "c"}),
    ]
    assert load(None, {"KUBECONFIG": ":".join(map(str, files))}).current == "b"


def test_missing_files_of_the_list_are_skipped(tmp_path: Path) -> None:
    there = write(tmp_path / "there", "a")
    assert list(load(None, {"KUBECONFIG": f"{tmp_path}/gone::{there}"}).contexts) == ["a"]


def test_a_missing_file_named_by_the_flag_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gone does not exist"):
        load(f"{tmp_path}/gone", {})


def test_relative_paths_are_relative_to_the_file_that_holds_them(tmp_path: Path) -> None:
    cluster = {"server": "https://x", "certificate-authority": "pki/ca.crt"}
    user = {"client-certificate": "c.crt", "client-key": "/abs/c.key", "tokenFile": "../token"}
    plugin = {"exec": {"command": "./bin/login", "apiVersion": "client.authentication.k8s.io/v1"}}
    path = write(
        tmp_path / "deep" / "config",
        "a",
        clusters=[{"name": "a", "cluster": cluster}],
        users=[{"name": "a", "user": user}, {"name": "p", "user": plugin}],
    )
    found = load(str(path), {})
    assert found.clusters["a"].body["certificate-authority"] == f"{tmp_path}/deep/pki/ca.crt"
    assert found.users["a"].body["client-certificate"] == f"{tmp_path}/deep/c.crt"
    assert found.users["a"].body["client-key"] == "/abs/c.key"
    assert Path(found.users["a"].body["tokenFile"]).resolve() == tmp_path / "token"
    assert found.users["p"].body["exec"]["command"] == f"{tmp_path}/deep/bin/login"


def test_a_plugin_without_a_slash_is_looked_up_in_path(tmp_path: Path) -> None:
    path = write(tmp_path / "config", "a", users=[{"name": "a", "user": {"exec": {"command": "aws"}}}])
    assert load(str(path), {}).users["a"].body["exec"]["command"] == "aws"


def test_a_server_is_shown_without_its_password(tmp_path: Path) -> None:
    cluster = {"server": "https://me:secret@host:6443/path@x"}
    path = write(tmp_path / "config", "a", clusters=[{"name": "a", "cluster": cluster}])
    assert load(str(path), {}).server_of("a") == "https://host:6443/path@x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contexts: [\n  {name: a\n", "config:3: not valid YAML"),
        ("- a\n", "config:1: not a kubeconfig"),
        ("kind: Config\ncontexts:\n  a: b\n", "config:3: contexts must be a list"),
        ("contexts:\n- name: a\n- context: {}\n", "config:3: every entry of contexts needs a name"),
        ("users:\n- name: a\n  user: [x]\n", "config:2: user of a must be a mapping"),
        ("\x00", "config:1: not a text file"),
    ],
)
def test_what_is_no_kubeconfig_is_one_sentence_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(CannotCheckError, match=message) as caught:
        load(str(path), {})
    assert "\n" not in str(caught.value)


def test_an_empty_file_has_no_contexts(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    assert load(str(tmp_path / "config"), {}).contexts == {}


def test_without_any_file_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(CannotCheckError, match="there is no kubeconfig") as caught:
        load(None, {"HOME": str(tmp_path)})
    assert caught.value.code is ExitCode.CANNOT_CHECK


def test_in_a_pod_its_own_account_is_used(tmp_path: Path) -> None:
    for name, text in {"token": "t\n", "ca.crt": "pem", "namespace": "tools\n"}.items():
        (tmp_path / name).write_text(text)
    pod = {"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}
    found = in_cluster_config(pod, tmp_path)
    assert found is not None
    assert found["current-context"] == found["contexts"][0]["name"] == "in-cluster"
    assert found["contexts"][0]["context"]["namespace"] == "tools"
    assert found["clusters"][0]["cluster"]["server"] == "https://[fd00::1]:443"
    assert found["users"][0]["user"] == {"tokenFile": f"{tmp_path}/token"}


def test_outside_a_pod_there_is_no_account(tmp_path: Path) -> None:
    assert in_cluster_config({}, tmp_path) is None
    assert in_cluster_config({"KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"}, tmp_path) is None


COUNT_READS = """
import sys, collections
opened = collections.Counter()
sys.addaudithook(lambda event, args: opened.update([str(args[0])]) if event == "open" else None)
from meshglobal.kube.kubeconfig import load
found = load(None, {"KUBECONFIG": ":".join(sys.argv[1:])})
print([opened[path] for path in sys.argv[1:]], len(found.contexts))
"""


def test_each_file_is_read_once_and_never_written(tmp_path: Path) -> None:
    files = [write(tmp_path / str(number), *(f"{number}-{n}" for n in range(50))) for number in range(3)]
    for path in files:
        path.chmod(0o400)
    run = subprocess.run(
        [sys.executable, "-c", COUNT_READS, *map(str, files)], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[1, 1, 1] 150\n"
