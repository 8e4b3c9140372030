"""Every format of every document, letter by letter."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from golden_files import assert_golden
from rich.console import Console

from meshglobal.domain.failure import Cause, failure
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.inventory import Cell, Endpoints, GlobalService, Inventory
from meshglobal.domain.report import ClusterReport, Note, Report, Unread, summarise
from meshglobal.domain.scope import Origin
from meshglobal.domain.verdict import State, Verdict
from meshglobal.render.documents import write_document
from meshglobal.render.inventory import show_inventory, show_service
from meshglobal.render.report import show_clusters, show_findings, show_notes, show_report
from meshglobal.render.screen import age, is_coloured, screen

NOW = datetime.fromisoformat("2026-11-22T12:00:00+00:00").timestamp()
CREATED = "2026-11-22T11:58:26Z"
HOST = "productpage.bookinfo.mesh.internal"
ENTRY = "autogen.bookinfo.productpage"


def verdict(context: str, state: State, reason: str = "") -> Verdict:
    has_entry = state in (State.READY, State.PARTIAL)
    return Verdict(
        namespace="bookinfo",
        service="productpage",
        context=context,
        state=state,
        reason=reason,
        host=HOST,
        found_hosts=(HOST,) if has_entry else (),
        entry=ENTRY if has_entry else None,
        entry_created=CREATED if has_entry else None,
        publishers=("cluster1", "cluster2"),
    )


def report(*verdicts: Verdict) -> Report:
    dead = failure(Cause.REFUSED, "connection refused (127.0.0.1:6443)", "cluster3")
    clusters = (
        ClusterReport(context="cluster1", uid="uid-1"),
        ClusterReport(context="cluster2", uid="uid-2", aliases=("admin@cluster2",)),
        ClusterReport(context="cluster3", reached=False, unread=(Unread(None, None, dead),)),
    )
    finding = Finding(
        code="MG117",
        slug="ports-differ",
        level=Level.WARNING,
        message="ports differ between clusters: 80/HTTP in cluster1; 81/HTTP in cluster2",
        remedy="meshglobal describe svc productpage -n bookinfo",
        rule="R16",
        namespace="bookinfo",
        service="productpage",
        evidence=(
            Evidence(
                context="cluster2",
                kind="Service",
                namespace="bookinfo",
                name="productpage",
                field="spec.ports",
                value="81/HTTP",
            ),
        ),
    )
    note = Note(severity="hint", message="it stays", rule="R28", namespace="bookinfo", service="productpage")
    return Report(
        command="verify",
        exit_code=3,
        clusters=clusters,
        hosts=verdicts,
        findings=(finding,),
        notes=(note,),
        summary=summarise(verdicts, clusters),
    )


THREE = report(
    verdict("cluster1", State.READY),
    verdict("cluster2", State.PARTIAL, "no WorkloadEntry for the endpoints of cluster1 (R19)"),
    verdict("cluster3", State.UNKNOWN, "connection refused (127.0.0.1:6443)"),
)
MANY = report(
    *(verdict(f"prod-{number}", State.READY) for number in range(11)),
    verdict("prod-11", State.MISSING, "no ServiceEntry in istio-system, though published by cluster1"),
)
INVENTORY = Inventory(
    services=(
        GlobalService(
            namespace="bookinfo",
            name="productpage",
            hosts=(HOST,),
            cells=(
                Cell(
                    context="cluster1",
                    state=State.READY,
                    present=True,
                    scope="global",
                    scope_origin=Origin.SERVICE,
                    takeover=True,
                    distribution="Any",
                    ports=("9080/HTTP",),
                    endpoints=Endpoints(1, 2),
                    hosts=(verdict("cluster1", State.READY),),
                    entry=ENTRY,
                    entry_created=CREATED,
                ),
                Cell(context="cluster2", state=State.READY, present=False, entry=ENTRY, entry_created=CREATED),
                Cell(
                    context="cluster3",
                    state=State.UNKNOWN,
                    reason="connection refused",
                    hosts=(verdict("cluster3", State.UNKNOWN, "connection refused"),),
                ),
            ),
        ),
    )
)


class Terminal(io.TextIOBase):
    """Writes to a stream and says that it is a terminal."""

    def __init__(self, stream: io.StringIO) -> None:
        super().__init__()
        self._stream = stream

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return self._stream.write(text)


def console(*, is_terminal: bool = False) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    if is_terminal:
        return screen(Terminal(stream), "auto", {"TERM": "xterm", "COLUMNS": "80"}), stream
    return screen(stream, "never", {}), stream


@pytest.mark.parametrize(("name", "shown"), [("three", THREE), ("many", MANY)])
@pytest.mark.parametrize("form", ["table", "wide", "terminal"])
def test_the_table_of_hosts(name: str, shown: Report, form: str) -> None:
    out, stream = console(is_terminal=form == "terminal")
    show_report(shown, out, NOW, wide=form == "wide")
    assert_golden(f"report-{name}-{form}.txt", stream.getvalue())


@pytest.mark.parametrize("output", ["json", "yaml"])
@pytest.mark.parametrize(("name", "document"), [("report", THREE), ("inventory", INVENTORY)])
def test_the_documents(name: str, document: Report | Inventory, output: str) -> None:
    stream = io.StringIO()
    write_document(document, output, stream)
    assert_golden(f"{name}.{output}", stream.getvalue())


@pytest.mark.parametrize("form", ["table", "wide", "terminal"])
def test_the_table_of_services(form: str) -> None:
    out, stream = console(is_terminal=form == "terminal")
    show_inventory(INVENTORY, out, NOW, wide=form == "wide")
    assert_golden(f"inventory-{form}.txt", stream.getvalue())


def test_one_service_in_full() -> None:
    out, stream = console()
    show_service(INVENTORY.services[0], INVENTORY, out, NOW)
    assert_golden("service.txt", stream.getvalue())


def test_what_stood_in_the_way() -> None:
    out, stream = console()
    show_findings(THREE.findings, out)
    show_notes(THREE.notes, out)
    show_clusters(THREE.clusters, out)
    assert_golden("aside.txt", stream.getvalue())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (94, "94s"),
        (119, "119s"),
        (120, "2m"),
        (312, "5m12s"),
        (599, "9m59s"),
        (600, "10m"),
        (7_200, "120m"),
        (10_800, "3h"),
        (11_100, "3h5m"),
        (90_000, "25h"),
        (172_800, "2d"),
        (176_400, "2d1h"),
        (691_200, "8d"),
    ],
)
def test_ages_are_kubectls(seconds: int, text: str) -> None:
    assert age("2026-11-22T12:00:00Z", NOW + seconds) == text


@pytest.mark.parametrize(
    ("choice", "environ", "is_terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, True, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"CLICOLOR_FORCE": "1"}, True, False),
    ],
)
def test_when_there_is_colour(choice: str, environ: dict[str, str], *, is_terminal: bool, coloured: bool) -> None:
    assert is_coloured(choice, environ, is_terminal=is_terminal) is coloured
