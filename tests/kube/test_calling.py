"""Programs in pods through the adapter of real clusters: names, takeover, ends, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served_mesh import served_mesh

from meshglobal.app.call_ports import End, Job, Right, Stream
from meshglobal.domain.call import Answer, Method
from meshglobal.domain.call_identity import Identify
from meshglobal.domain.call_order import CallOrder
from meshglobal.domain.call_output import CallReader
from meshglobal.domain.failure import Cause, Failure
from meshglobal.kube.calling import KubeCallers
from meshglobal.kube.fleet import Choice, KubeFleet, choose, connect
from tests.sandbox.dataplane.calling import Calling, until

BOTH = ("cluster1", "cluster2")
LOCAL = "productpage.bookinfo.svc.cluster.local"


@pytest.fixture(scope="module")
def bookinfo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    with served_mesh(tmp_path_factory.mktemp("mesh"), has_traffic=True) as mesh:
        yield Calling(mesh, "bookinfo")


@pytest.fixture
def fleet(bookinfo: Calling) -> Iterator[KubeFleet]:
    chosen = choose(Choice(kubeconfig=str(bookinfo.mesh.kubeconfig), contexts=BOTH), {})
    fleet = connect(*chosen)
    yield fleet
    fleet.close()


@pytest.fixture
def callers(fleet: KubeFleet) -> KubeCallers:
    return fleet.callers()


def job(bookinfo: Calling, *argv: str, stdin: bytes = b"", method: Method = Method.EXEC, seconds: float = 30) -> Job:
    pod = bookinfo.pod("cluster1", "ratings").pod
    return Job("cluster1", "bookinfo", pod, method, argv, stdin, seconds=seconds)


def called(bookinfo: Calling, callers: KubeCallers, host: str) -> list[Answer]:
    order = CallOrder(host, 9080, "/productpage", "a-mark", count=4)
    reader = CallReader(order, Identify())
    answers: list[Answer] = []

    def hear(stream: Stream, data: bytes) -> None:
        answers.extend(reader.said(data) if stream is Stream.STDERR else reader.gave(data))

    end = callers.start(job(bookinfo, *order.argv, stdin=order.stdin), hear).wait(30)
    assert end is not None
    assert end.failure is None
    return [*answers, *reader.ended()]


def test_takeover_sends_the_cluster_local_name_to_other_clusters(bookinfo: Calling, callers: KubeCallers) -> None:
    bookinfo.publish("productpage", *BOTH)
    bookinfo.scale("cluster1", "productpage-v1", 0)
    assert {one.status for one in called(bookinfo, callers, LOCAL)} == {503}
    bookinfo.publish("productpage", *BOTH, takeover=True)
    assert {(one.status, one.by) for one in called(bookinfo, callers, LOCAL)} == {(200, "cluster2")}
    bookinfo.publish("productpage", *BOTH)
    assert {one.status for one in called(bookinfo, callers, LOCAL)} == {503}
    bookinfo.scale("cluster1", "productpage-v1", 1)
    assert {(one.status, one.by) for one in called(bookinfo, callers, LOCAL)} == {(200, "cluster1")}


def ended(callers: KubeCallers, job: Job) -> tuple[End, bytes]:
    out = bytearray()
    end = callers.start(job, lambda _, data: out.extend(data)).wait(30)
    assert end is not None
    return end, bytes(out)


def test_the_exit_code_and_both_streams_are_told(bookinfo: Calling, callers: KubeCallers) -> None:
    end, out = ended(callers, job(bookinfo, "cat", "-", "/nosuch", stdin=b"hello\n"))
    assert end == End(exit_code=1)
    assert out == b"hello\ncat: can't open '/nosuch': No such file or directory\n"


def test_a_long_input_arrives_whole(bookinfo: Calling, callers: KubeCallers) -> None:
    text = b"".join(b"%d\n" % number for number in range(20_000))
    assert ended(callers, job(bookinfo, "cat", stdin=text)) == (End(exit_code=0), text)


@pytest.mark.parametrize("method", list(Method))
def test_a_program_that_is_not_there_is_told(bookinfo: Calling, callers: KubeCallers, method: Method) -> None:
    end, _ = ended(callers, job(bookinfo, "sh", "-c", "id", method=method))
    assert end.lacks_program


def test_a_pod_that_is_not_there_is_told(callers: KubeCallers) -> None:
    end, _ = ended(callers, Job("cluster1", "bookinfo", "nosuch", Method.EXEC, ("true",)))
    assert end.failure is not None
    assert (end.failure.cause, end.failure.message) == (Cause.NOT_FOUND, 'pods "nosuch" not found')


def test_a_program_that_does_not_end_is_left(bookinfo: Calling, callers: KubeCallers) -> None:
    end, _ = ended(callers, job(bookinfo, "sleep", "60", seconds=0.3))
    assert end.failure is not None
    assert end.failure.cause is Cause.TIMEOUT


@pytest.mark.parametrize("method", list(Method))
def test_stopping_ends_it_and_takes_away_what_was_made(bookinfo: Calling, callers: KubeCallers, method: Method) -> None:
    def pods() -> set[str]:
        found = bookinfo.mesh.call(lambda: bookinfo.client("cluster1").list("pods", "bookinfo"))
        return {one["metadata"]["name"] for one in found if "deletionTimestamp" not in one["metadata"]}

    before = pods()
    running = callers.start(job(bookinfo, "sleep", "60", method=method), lambda *_: None)
    assert running.wait(0.3) is None
    end = running.stop()
    assert end.failure is None
    assert end.remains.startswith("ephemeral container") is (method is Method.EPHEMERAL)
    until(lambda: pods() == before, "the pods are those of before")


def test_the_server_is_asked_for_rights(bookinfo: Calling, callers: KubeCallers) -> None:
    wanted = (Right("create", "exec"), Right("delete"))
    assert callers.lacking("cluster1", "bookinfo", wanted) == ()
    path = str(bookinfo.mesh.users_kubeconfig("reader"))
    limited = connect(*choose(Choice(kubeconfig=path, contexts=("cluster1-reader",)), {}))
    assert limited.callers().lacking("cluster1-reader", "bookinfo", wanted) == wanted
    end = limited.callers().start(
        Job("cluster1-reader", "bookinfo", bookinfo.pod("cluster1", "ratings").pod, Method.EXEC, ("true",)),
        lambda *_: None,
    )
    found = end.wait(30)
    assert found is not None
    assert isinstance(found.failure, Failure)
    assert found.failure.cause is Cause.FORBIDDEN
    limited.close()


def test_a_server_that_has_gone_is_a_failure(tmp_path_factory: pytest.TempPathFactory) -> None:
    with served_mesh(tmp_path_factory.mktemp("gone"), 1) as mesh:
        fleet = connect(*choose(Choice(kubeconfig=str(mesh.kubeconfig), contexts=("cluster1",)), {}))
        mesh.stop_cluster("cluster1")
        found = fleet.callers().lacking("cluster1", "bookinfo", (Right("create"),))
        assert isinstance(found, Failure)
        assert found.cause is Cause.REFUSED
        end = fleet.callers().start(Job("cluster1", "bookinfo", "x", Method.EXEC, ("true",)), lambda *_: None).wait(30)
        assert end is not None
        assert end.failure is not None
        assert end.failure.cause is Cause.REFUSED
        fleet.close()
