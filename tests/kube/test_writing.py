"""What is sent when a step is written, and what becomes of every answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from servers import Reply, Seen, as_json, fleet_of, http_server, quick, refusal
from worlds import LiveWorld

from meshglobal.domain.failure import Cause
from meshglobal.domain.kinds import NAMESPACE, SERVICE
from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION, Section
from meshglobal.domain.plan import KeyChange, Status, Step, StepResult
from meshglobal.kube.fleet import ConnectionSettings
from meshglobal.kube.warning_headers import parse_warnings

GLOBAL = KeyChange(Section.LABEL, SERVICE_SCOPE, None, "global")
STEP = Step("c", SERVICE, "shop", "web", "uid-1", "7", (GLOBAL,))


def web(version: str = "8", scope: str | None = None, uid: str = "uid-1") -> Reply:
    labels = {SERVICE_SCOPE: scope} if scope else None
    return as_json({"metadata": {"name": "web", "uid": uid, "resourceVersion": version, "labels": labels}})


class Script:
    """Answers in turn; the last answer again and again."""

    def __init__(self, *replies: Reply) -> None:
        self._replies: Iterator[Reply] = iter(replies)
        self._last = replies[-1]
        self.seen: list[Seen] = []

    def __call__(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        return next(self._replies, self._last)

    @property
    def methods(self) -> list[str]:
        return [seen.method for seen in self.seen]

    def patch(self, number: int = 0) -> Any:
        return json.loads([seen for seen in self.seen if seen.method == "PATCH"][number].body)["metadata"]


def write(
    directory: Path,
    answer: Callable[[Seen], Reply],
    *steps: Step,
    settings: ConnectionSettings | None = None,
    **options: bool,
) -> list[StepResult]:
    with http_server(answer) as server:
        cluster = {"server": server.url}
        fleet = fleet_of(directory, {"c": (cluster, {"token": "t"})}, settings)
        results = fleet.write(steps or (STEP,), **options)
        fleet.close()
    return results


def cause_of(result: StepResult) -> Cause | None:
    return result.failure.cause if result.failure else None


def test_the_patch_has_our_keys_the_guard_and_nothing_else(tmp_path: Path) -> None:
    script = Script(web())
    changes = (
        GLOBAL,
        KeyChange(Section.ANNOTATION, TRAFFIC_DISTRIBUTION, "Any", None),
    )
    write(tmp_path, script, STEP._replace(changes=changes))
    (seen,) = script.seen
    assert (seen.method, seen.path) == ("PATCH", "/api/v1/namespaces/shop/services/web?fieldManager=meshglobal")
    assert seen.headers["Content-Type"] == "application/merge-patch+json"
    assert json.loads(seen.body) == {
        "metadata": {
            "resourceVersion": "7",
            "uid": "uid-1",
            "labels": {SERVICE_SCOPE: "global"},
            "annotations": {TRAFFIC_DISTRIBUTION: None},
        }
    }


def test_a_namespace_is_written_at_its_own_path_under_the_manager_that_was_asked_for(tmp_path: Path) -> None:
    script = Script(web())
    step = Step("c", NAMESPACE, "", "shop", "u", "7", (GLOBAL,))
    write(tmp_path, script, step, settings=quick(field_manager="ci"), dry_run=True)
    assert script.seen[0].path == "/api/v1/namespaces/shop?fieldManager=ci&dryRun=All"


def test_a_step_without_changes_sends_nothing(tmp_path: Path) -> None:
    script = Script(web())
    (result,) = write(tmp_path, script, STEP._replace(changes=()))
    assert (result.status, script.seen) == (Status.UNCHANGED, [])


def test_a_step_that_was_planned_without_reading_reads_first(tmp_path: Path) -> None:
    script = Script(web(version="9"))
    (result,) = write(tmp_path, script, STEP._replace(resource_version="", uid=""))
    assert (result.status, script.methods) == (Status.CHANGED, ["GET", "PATCH"])
    assert script.patch()["resourceVersion"] == "9"


@pytest.mark.parametrize(
    "broken",
    [
        refusal(409, "the object has been modified"),
        refusal(422, 'Service "web" is invalid: metadata.uid: Invalid value: "x": field is immutable'),
    ],
)
def test_a_guard_that_breaks_is_renewed(tmp_path: Path, broken: Reply) -> None:
    script = Script(broken, web(version="8", uid="uid-2"), web())
    (result,) = write(tmp_path, script)
    assert (result.status, script.methods) == (Status.CHANGED, ["PATCH", "GET", "PATCH"])
    assert (script.patch(1)["resourceVersion"], script.patch(1)["uid"]) == ("8", "uid-2")


def test_an_object_that_keeps_changing_is_tried_four_times(tmp_path: Path) -> None:
    versions = iter(range(100))

    def restless(seen: Seen) -> Reply:
        script.seen.append(seen)
        return refusal(409, "modified") if seen.method == "PATCH" else web(version=str(next(versions)))

    script = Script(web())
    (result,) = write(tmp_path, restless)
    assert (result.status, cause_of(result)) == (Status.CONFLICT, Cause.CONFLICT)
    assert script.methods.count("PATCH") == 4


def test_only_the_keys_that_still_differ_are_tried_again(tmp_path: Path) -> None:
    script = Script(refusal(409, "modified"), web(scope="global"), web())
    annotation = KeyChange(Section.ANNOTATION, TRAFFIC_DISTRIBUTION, None, "Any")
    write(tmp_path, script, STEP._replace(changes=(GLOBAL, annotation)))
    assert script.patch(1).keys() == {"resourceVersion", "uid", "annotations"}


def test_a_conflict_names_the_values(tmp_path: Path) -> None:
    (result,) = write(tmp_path, Script(refusal(409, "modified"), web(scope="segment")))
    assert result.status is Status.CONFLICT
    assert result.failure is not None
    assert result.failure.message == ('solo.io/service-scope is now "segment", and was not set when this was planned')


def test_a_write_whose_answer_got_lost_is_known_for_ours(tmp_path: Path) -> None:
    """The server stored the patch, then failed: the repeated patch conflicts with our own write."""
    script = Script(refusal(500, "etcd timeout"), refusal(409, "modified"), web(scope="global"))
    (result,) = write(tmp_path, script)
    assert (result.status, script.methods) == (Status.CHANGED, ["PATCH", "PATCH", "GET"])


@pytest.mark.parametrize(
    ("reply", "cause", "message"),
    [
        (refusal(403, 'User "me" cannot patch'), Cause.FORBIDDEN, 'User "me" cannot patch'),
        (refusal(422, "metadata.labels: Invalid value"), Cause.REJECTED, "metadata.labels: Invalid value"),
        (refusal(400, 'admission webhook "x" denied the request'), Cause.REJECTED, 'admission webhook "x" denied'),
        (
            as_json({"kind": "Status", "message": 'services "web" not found', "details": {"name": "web"}}, 404),
            Cause.NOT_FOUND,
            'services "web" not found',
        ),
    ],
)
def test_a_refusal_fails_with_the_servers_words(tmp_path: Path, reply: Reply, cause: Cause, message: str) -> None:
    (result,) = write(tmp_path, Script(reply))
    assert (result.status, cause_of(result)) == (Status.FAILED, cause)
    assert result.failure is not None
    assert message in result.failure.message


def test_a_write_without_an_answer_says_that_it_may_have_happened(tmp_path: Path) -> None:
    go = threading.Event()

    def silent(_: Seen) -> Reply:
        go.wait(10)
        return web()

    with http_server(silent) as server:
        fleet = fleet_of(tmp_path, {"c": ({"server": server.url}, {"token": "t"})}, quick(request_timeout=0.3))
        first, second, third = fleet.write([STEP, STEP._replace(name="db"), STEP._replace(changes=())])
        go.set()
        fleet.close()
    assert cause_of(first) is cause_of(second) is Cause.TIMEOUT
    assert first.failure is not None
    assert first.failure.message.endswith("it may have been written all the same")
    assert second.failure is not None
    assert second.failure.message.endswith("nothing was sent")
    assert third.status is Status.UNCHANGED


def test_steps_whose_turn_never_came_are_told_from_those_that_were_under_way(tmp_path: Path) -> None:
    go = threading.Event()

    def silent(_: Seen) -> Reply:
        go.wait(10)
        return web()

    with http_server(silent) as server:
        fleet = fleet_of(
            tmp_path, {"c": ({"server": server.url}, {"token": "t"})}, quick(timeout=0.4, request_timeout=30)
        )
        started = time.monotonic()
        first, second = fleet.write([STEP, STEP._replace(name="db")])
        assert time.monotonic() - started < 1.2
        go.set()
        fleet.close()
    assert [cause_of(first), cause_of(second)] == [Cause.TIMEOUT, Cause.NOT_STARTED]


def test_the_steps_of_one_cluster_go_one_after_another(tmp_path: Path) -> None:
    script = Script(web())
    steps = [STEP._replace(name=f"s{number}") for number in range(10)]
    write(tmp_path, script, *steps)
    assert [seen.path.split("/")[-1].partition("?")[0] for seen in script.seen] == [step.name for step in steps]
    assert len({seen.connection for seen in script.seen}) == 1


def test_warnings_of_the_server_are_in_the_result(tmp_path: Path) -> None:
    status, headers, body = web()
    (result,) = write(tmp_path, Script((status, {**headers, "Warning": '299 - "v1 is \\"old\\""'}, body)))
    assert (result.status, result.warnings) == (Status.CHANGED, ('v1 is "old"',))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (['299 - "plain"'], ("plain",)),
        (['299 - "a \\"quoted\\" \\\\ text"'], ('a "quoted" \\ text',)),
        (['299 - "one", 299 agent "two, with comma" "Sun, 06 Nov 1994 08:49:37 GMT"'], ("one", "two, with comma")),
        (['299 - "twice"', '299 - "twice"'], ("twice",)),
        (['199 - "of another kind"', "299 - unquoted", ""], ()),
        (['299 - "naïve"'.encode().decode("latin-1")], ("naïve",)),
        ([], ()),
    ],
)
def test_warning_headers_are_parsed(values: list[str], expected: tuple[str, ...]) -> None:
    assert parse_warnings(values) == expected


def test_our_writes_are_ours_in_managed_fields(embedded: LiveWorld) -> None:
    made = embedded.create("one", "web")
    meta = made.metadata
    step = Step("one", SERVICE, meta.namespace, "web", meta.uid, meta.resource_version, (GLOBAL,))
    (result,) = embedded.fleet("one").write([step])
    assert result.status is Status.CHANGED
    raw = embedded._api("one").read_namespaced_service("web", embedded.namespace, _preload_content=False)
    entries = json.loads(raw.data)["metadata"]["managedFields"]
    ours = [entry for entry in entries if entry["manager"] == "meshglobal"]
    assert [entry["fieldsV1"] for entry in ours] == [{"f:metadata": {"f:labels": {f"f:{SERVICE_SCOPE}": {}}}}]
