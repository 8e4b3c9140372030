from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from meshglobal.sandbox.runtime.census import census
from meshglobal.sandbox.runtime.client import clients
from meshglobal.sandbox.runtime.ending import bring_down
from meshglobal.sandbox.runtime.errors import AskedWrongError, NotRunningError, SandboxError
from meshglobal.sandbox.runtime.launching import launch
from meshglobal.sandbox.runtime.running import find, get
from meshglobal.sandbox.runtime.shape import asked_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshglobal.sandbox.runtime.place import Place

BOOKINFO = asked_shape(2, "bookinfo")
SMALL = asked_shape(1, "empty")


def until(holds: Callable[[], Any], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "did not come true in time"


def contents(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def test_when_it_returns_everything_is_ready_and_settled(place: Callable[..., Place]) -> None:
    running = launch(place(), BOOKINFO)
    assert running == find(place())
    assert running.process.is_alive
    counts = census(place().kubeconfig)
    assert list(counts) == ["cluster1", "cluster2"]
    for each in counts.values():
        assert each == {"namespaces": 7, "services": 5, "pods": 7, "entries": 0}
    for client in clients(place().kubeconfig):
        pods = client.get("/api/v1/namespaces/bookinfo/pods")["items"]
        assert [pod["status"]["phase"] for pod in pods] == ["Running"] * 6
        client.close()


def test_kubeconfigs_are_for_their_owner_alone_and_lead_to_each_cluster(place: Callable[..., Place]) -> None:
    launch(place(), BOOKINFO)
    for path in (place().kubeconfig, place().users_kubeconfig, place().state, place().log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    admin, users = contents(place().kubeconfig), contents(place().users_kubeconfig)
    assert admin["current-context"] == "cluster1"
    assert [each["name"] for each in admin["contexts"]] == ["cluster1", "cluster2"]
    assert all("namespace" not in each["context"] for each in admin["contexts"] + users["contexts"])
    limited = [f"cluster{number}-{user}" for number in (1, 2) for user in ("reader", "nsreader", "nobody")]
    assert [each["name"] for each in users["contexts"]] == limited
    assert len({each["user"]["token"] for each in admin["users"] + users["users"]}) == 8


def test_neither_the_state_nor_the_command_line_holds_a_token(place: Callable[..., Place]) -> None:
    running = launch(place(), SMALL)
    token = contents(place().kubeconfig)["users"][0]["user"]["token"]
    assert token not in place().state.read_text()
    assert token.encode() not in Path(f"/proc/{running.process.pid}/cmdline").read_bytes()


def test_it_lives_in_a_session_of_its_own(place: Callable[..., Place]) -> None:
    running = launch(place(), SMALL)
    assert os.getsid(running.process.pid) == running.process.pid


def test_bringing_down_ends_the_process_and_removes_its_files_and_may_be_repeated(place: Callable[..., Place]) -> None:
    running = launch(place(), SMALL)
    assert bring_down(place()) is True
    assert not running.process.is_alive
    assert not place().folder.exists()
    assert bring_down(place()) is False


def test_two_names_run_side_by_side(place: Callable[..., Place]) -> None:
    first, second = launch(place("one"), SMALL), launch(place("two"), SMALL)
    bring_down(place("one"))
    assert not first.process.is_alive
    assert find(place("two")) == second


def test_a_killed_sandbox_is_noticed_and_cleared_up(place: Callable[..., Place]) -> None:
    running = launch(place(), SMALL)
    os.kill(running.process.pid, signal.SIGKILL)
    until(lambda: not running.process.is_alive)
    assert find(place()) is None
    assert not place().folder.exists()
    assert launch(place(), SMALL).process.is_alive


def test_the_number_of_a_dead_sandbox_taken_by_another_program_is_noticed(place: Callable[..., Place]) -> None:
    running = launch(place(), SMALL)
    state = place().state.read_bytes()
    bring_down(place())
    place().prepare()
    place().state.write_bytes(state.replace(str(running.process.pid).encode(), str(os.getpid()).encode()))
    assert bring_down(place()) is False  # and this test goes on
    assert not place().folder.exists()


def test_a_state_file_that_cannot_be_read_counts_as_nothing_running(place: Callable[..., Place]) -> None:
    place().prepare()
    place().write(place().state, b'{"of": "another version"}')
    assert find(place()) is None
    assert not place().folder.exists()


def test_what_a_starting_sandbox_has_written_is_not_cleared_up(place: Callable[..., Place]) -> None:
    place().prepare()
    place().write(place().state, b"damaged")
    with place().locked():
        assert find(place()) is None
        assert place().state.exists()


def test_a_second_process_does_not_start_where_one_is_starting(place: Callable[..., Place]) -> None:
    place().prepare()
    with place().locked(), pytest.raises(SandboxError, match="being started or ended"):
        launch(place(), SMALL)


def test_the_process_tells_in_a_sentence_what_is_wrong_with_a_scenario(
    place: Callable[..., Place], tmp_path: Path
) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 70000}]}\n")
    with pytest.raises(AskedWrongError, match=r"Service/web.*70000") as told:
        launch(place(), asked_shape(1, str(file)))
    assert "\n" not in str(told.value)
    assert not place().folder.exists()


def test_a_process_that_dies_before_it_is_ready_is_told_with_its_last_words(
    place: Callable[..., Place], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.stderr.write('no more\\n')\nsys.stderr.flush()\nimport os\nos._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SandboxError, match="died before it was ready: no more"):
        launch(place(), SMALL)


def test_it_ends_with_whoever_holds_the_other_end_of_its_life(place: Callable[..., Place]) -> None:
    life, mine = os.pipe()
    running = launch(place(), SMALL, life)
    os.close(life)
    os.close(mine)
    until(lambda: not running.process.is_alive)
    until(lambda: not place().folder.exists())


def test_what_is_not_running_is_told_with_the_next_step(place: Callable[..., Place], tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    with pytest.raises(NotRunningError) as none:
        get(place(), environment)
    assert none.value.hint == "start it: meshglobal sandbox up --detach"
    launch(place("other"), SMALL)
    with pytest.raises(NotRunningError) as others:
        get(place(), environment)
    assert others.value.hint == "others run: `--name other`"


def test_a_stopped_cluster_counts_as_unknown(place: Callable[..., Place]) -> None:
    launch(place(), SMALL)
    kubeconfig = place().kubeconfig.read_text()
    bring_down(place())
    place().prepare()
    place().kubeconfig.write_text(kubeconfig)
    assert census(place().kubeconfig) == {"cluster1": dict.fromkeys(("namespaces", "services", "pods", "entries"))}


@pytest.mark.parametrize("clusters", [3, 10])
def test_larger_meshes_come_up_peered(place: Callable[..., Place], clusters: int) -> None:
    running = launch(place(), asked_shape(clusters, "bookinfo"))
    assert [each.name for each in running.clusters] == [f"cluster{number + 1}" for number in range(clusters)]
    for client in clients(place().kubeconfig):
        gateways = client.count("/apis/gateway.networking.k8s.io/v1/namespaces/istio-eastwest/gateways")
        assert gateways == clusters, "its own, and one for each peer"
        client.close()
