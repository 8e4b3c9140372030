"""Single values are seen and written under guard: nobody else's write is lost, however close it comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from servers import Reply, Seen, as_json, fleet_of, http_server, refusal

from meshglobal.app.drill_ports import Written, Wrote
from meshglobal.domain.drill import Field, Touch
from meshglobal.domain.drill import Seen as Found
from meshglobal.domain.failure import Failure
from meshglobal.kube.touching import KubeHands

PLACE = {"context": "c", "kind": "Deployment", "namespace": "shop", "name": "web", "uid": "u"}
REPLICAS = Touch(**PLACE, field=Field.REPLICAS, before="2", after="0")
MARK = Touch(**PLACE, field=Field.ANNOTATION, key="meshglobal.dev/drill", before=None, after="id=1")


def web(replicas: int | None, version: str = "7", uid: str = "u", mark: str | None = None) -> Reply:
    annotations = {"meshglobal.dev/drill": mark} if mark else {}
    meta = {"name": "web", "namespace": "shop", "uid": uid, "resourceVersion": version, "annotations": annotations}
    return as_json({"metadata": meta, "spec": {} if replicas is None else {"replicas": replicas}})


class Script:
    """Answers in turn; keeps what was asked."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.seen: list[Seen] = []

    def __call__(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


def with_hands(directory: Path, script: Script, act: Callable[[KubeHands], object]) -> object:
    with http_server(script) as server:
        fleet = fleet_of(directory, {"c": ({"server": server.url}, {})})
        try:
            return act(fleet.hands())
        finally:
            fleet.close()


def test_replicas_are_written_through_the_scale_with_what_was_read_as_guard(tmp_path: Path) -> None:
    script = Script(web(2), web(0, "8"))
    done = with_hands(tmp_path, script, lambda hands: hands.put(REPLICAS, "2", "0"))
    assert done == Written(Wrote.DONE, "0")
    read, patch = script.seen
    assert (read.method, patch.method) == ("GET", "PATCH")
    assert patch.path.partition("?")[0] == "/apis/apps/v1/namespaces/shop/deployments/web/scale"
    assert json.loads(patch.body) == {"metadata": {"resourceVersion": "7", "uid": "u"}, "spec": {"replicas": 0}}


def test_a_mark_is_taken_away_with_null(tmp_path: Path) -> None:
    script = Script(web(2, mark="id=1"), web(2))
    assert with_hands(tmp_path, script, lambda hands: hands.put(MARK, "id=1", None)) == Written(Wrote.DONE, None)
    wanted = {"annotations": {"meshglobal.dev/drill": None}, "resourceVersion": "7", "uid": "u"}
    assert json.loads(script.seen[1].body) == {"metadata": wanted}


@pytest.mark.parametrize(
    ("replies", "end", "now"),
    [
        ((web(0),), Wrote.DONE, "0"),
        ((web(5),), Wrote.FOREIGN, "5"),
        ((web(2, uid="another"),), Wrote.GONE, None),
        ((refusal(404, "NotFound"),), Wrote.GONE, None),
        ((web(2), refusal(409, "Conflict"), web(5)), Wrote.FOREIGN, "5"),
        ((web(2), refusal(409, "Conflict"), web(2, "9"), web(0)), Wrote.DONE, "0"),
        ((web(2), refusal(409, "Conflict"), web(0, "9")), Wrote.DONE, "0"),
    ],
    ids=["already", "foreign", "made anew", "gone", "lost the race", "won it", "was done after all"],
)
def test_every_answer_has_its_end(tmp_path: Path, replies: tuple[Reply, ...], end: Wrote, now: str | None) -> None:
    script = Script(*replies)
    assert with_hands(tmp_path, script, lambda hands: hands.put(REPLICAS, "2", "0")) == Written(end, now)


def test_a_refused_write_says_why(tmp_path: Path) -> None:
    script = Script(web(2), refusal(403, "Forbidden"))
    done = with_hands(tmp_path, script, lambda hands: hands.put(REPLICAS, "2", "0"))
    assert isinstance(done, Written)
    assert done.end is Wrote.FAILED
    assert done.failure is not None


def test_what_stands_there_is_seen_with_the_mark(tmp_path: Path) -> None:
    found = with_hands(tmp_path, Script(web(None, mark="id=1")), lambda hands: hands.see(REPLICAS))
    assert found == Found("u", "1", "id=1")
    assert with_hands(tmp_path, Script(refusal(404, "NotFound")), lambda hands: hands.see(REPLICAS)) is None
    failed = with_hands(tmp_path, Script(refusal(403, "Forbidden")), lambda hands: hands.see(REPLICAS))
    assert isinstance(failed, Failure)
