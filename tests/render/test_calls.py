"""The table of `call`, and what is said beside it."""

from __future__ import annotations

import io
import re

import pytest

from meshglobal.domain.call import Method
from meshglobal.domain.call_remote import Remote, Shown
from meshglobal.domain.call_report import CallReport, Calls
from meshglobal.domain.call_source import Source
from meshglobal.domain.call_statistics import Failed, Figures, Latency, ServedBy
from meshglobal.domain.failure import Cause, failure
from meshglobal.render.calls import milliseconds, show_beside, show_calls
from meshglobal.render.screen import Screen

FIGURES = Figures(
    ended=20,
    good=17,
    statuses={"200": 17, "503": 1},
    latency=Latency(min=0.0012, p50=0.02, p90=0.15, p99=1.0, max=2.5),
    failed=(Failed(kind="timeout", count=2), Failed(kind="503", count=1)),
    served_by=(ServedBy(name="cluster2", count=17, context="cluster2"), ServedBy(name="unknown", count=1)),
    connections=9,
)
REPORT = CallReport(
    calls=(
        Calls(
            context="cluster1",
            url="http://a.b.mesh.internal:80/",
            source=Source(namespace="b", pod="c", enrolled=False),
            method=Method.EXEC,
            count=20,
            figures=FIGURES,
            remote=Remote(shown=Shown.YES, reason="answered by other clusters: cluster2 17 of 20"),
        ),
        Calls(context="cluster2", failure=failure(Cause.NOT_FOUND, "no pod", "cluster2"), count=20),
    )
)


def screen(*, quiet: bool = False) -> Screen:
    return Screen(io.StringIO(), is_terminal=False, is_coloured=False, quiet=quiet)


def text_of(out: Screen) -> list[str]:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


def test_each_cluster_has_a_row() -> None:
    out = screen()
    show_calls(REPORT, out)
    url, head, first, second = text_of(out)
    assert url == "GET http://a.b.mesh.internal:80/"
    assert head.split()[-3:] == ["ANSWERED", "BY", "REMOTE"]
    assert re.split(" {3,}", first) == [
        "cluster1", "b/c", "exec", "20", "17", "200 x17, 503 x1, timeout x2", "1.2ms", "20.0ms", "150ms", "1.00s",
        "2.50s", "cluster2 17, unknown 1", "yes",
    ]  # fmt: skip
    assert second.split() == ["cluster2", "-", "-", "0", "0", *["-"] * 8]


def test_what_the_table_does_not_say_stands_beside_it() -> None:
    err = screen()
    show_beside(REPORT, err, is_single=False)
    assert text_of(err) == [
        "cluster1: path to other clusters: yes: answered by other clusters: cluster2 17 of 20",
        "warning: cluster1: the caller b/c is not in the mesh (R37)",
        "cluster1: 9 connections served 20 calls",
        "cluster2: could not call: no pod (not-found)",
        "  next: it is gone; run again",
    ]


def test_a_failure_is_told_quietly_too() -> None:
    err = screen(quiet=True)
    show_beside(REPORT, err, is_single=False)
    assert text_of(err) == ["cluster2: could not call: no pod (not-found)"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.0ms"), (0.00123, "1.2ms"), (0.0999, "99.9ms"), (0.1, "100ms"), (0.9999, "1000ms"), (1.0, "1.00s")],
)
def test_times_have_three_figures_or_so(seconds: float, text: str) -> None:
    assert milliseconds(seconds) == text
