"""The embedded API server answers as a real one did: each recording is replayed against it, one test a recording."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.served_cluster import served_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = Path(__file__).parents[2] / "recordings"
_LIMITED_USERS = ("reader", "nsreader", "nobody")
_OPTIONS = SimpleNamespace(suffix="", strict=False, diffs=5, require_bookmarks=False)


def _replay_module() -> Any:
    spec = importlib.util.spec_from_file_location("replay", _FOLDER / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


replay = _replay_module()
SCENARIOS: list[dict[str, Any]] = replay.select([str(_FOLDER)], [], [])
LEFT_OUT: dict[str, str] = yaml.safe_load((_FOLDER / "left-out.yaml").read_text("utf-8")) or {}


@pytest.fixture(scope="session")
def replayer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Replays against one cluster that all recordings of a test process share; their namespaces differ."""
    with served_cluster(tmp_path_factory.mktemp("recordings"), "recorded") as served:
        admin = replay.Target.from_kubeconfig(str(served.kubeconfig))
        targets = {user: admin.with_token(served.cluster.tokens[user]) for user in _LIMITED_USERS}
        targets |= {"admin": admin, "anonymous": admin.with_token(None), "badtoken": admin.with_token("no-such-token")}
        clients = {user: replay.Client(target, 30) for user, target in targets.items()}
        compact = f"{sys.executable} {_FOLDER / 'compact.py'} {served.kubeconfig}"
        yield replay.Replayer(clients, {"compact": compact}, _OPTIONS)
        for client in clients.values():
            connection = getattr(client.local, "c", None)
            if connection is not None:
                connection.close()


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each["scenario"]) for each in SCENARIOS])
def test_the_server_answers_as_recorded(replayer: Any, scenario: dict[str, Any]) -> None:
    if scenario["scenario"] in LEFT_OUT:
        pytest.skip(LEFT_OUT[scenario["scenario"]])
    assert replayer.run(scenario) == []


def test_few_recordings_are_left_out_and_none_that_kubectl_sends() -> None:
    by_name = {each["scenario"]: each for each in SCENARIOS}
    assert set(LEFT_OUT) <= set(by_name)
    assert len(LEFT_OUT) * 10 <= len(by_name)
    assert not [name for name in LEFT_OUT if "kubectl" in by_name[name]["tags"]]
    assert all(reason.strip() for reason in LEFT_OUT.values())
