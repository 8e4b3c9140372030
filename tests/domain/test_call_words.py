"""What curl is told and what it says, without curl: words, figures, and who answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshglobal.domain.call import Answer, Header, Trouble, trouble_of
from meshglobal.domain.call_identity import Identify, parse_identify
from meshglobal.domain.call_order import CallOrder, checked_header, checked_path, checked_rate
from meshglobal.domain.call_output import CallReader
from meshglobal.domain.call_statistics import figures_of, latency_of, percentile
from meshglobal.domain.errors import UsageError

MARK = "meshglobal-0123"
GOOD = (
    "* Connected to a\r\n> GET / HTTP/1.1\r\n> Host: a\r\n> \r\n< HTTP/1.1 100 Continue\r\n< X-Not: this\r\n< \r\n"
    "< HTTP/1.1 200 OK\r\n< X-Served-By-Cluster: c2\r\n< Forged: meshglobal-0123 503 9 9 9\r\n< \r\n{ [5 bytes data]\n"
    f"\n{MARK} 200 0.012 1 5\n"
)
LOST = f"* Could not resolve host: a\ncurl: (6) Could not resolve host: a\n\n{MARK} 000 0.001 0 0\n"


def order(**more: object) -> CallOrder:
    return CallOrder("a.b.mesh.internal", 80, "/", MARK, **more)  # type: ignore[arg-type] # fields of the test's choice


@given(st.lists(st.integers(1, 40), max_size=40))
def test_answers_are_the_same_however_the_output_is_cut(cuts: list[int]) -> None:
    text = (GOOD + LOST + GOOD).encode()
    reader = CallReader(order(count=3), Identify())
    found: list[Answer] = []
    start = 0
    for cut in cuts:
        found += reader.said(text[start : start + cut])
        start += cut
    found += reader.said(text[start:])
    good = (200, 0.012, None, "c2", 1)
    assert [(one.status, one.seconds, one.trouble, one.by, one.connects) for one in found] == [
        good,
        (0, 0.001, Trouble.NOT_RESOLVED, "", 0),
        good,
    ]
    assert found[0].headers == (Header("X-Served-By-Cluster", "c2"), Header("Forged", "meshglobal-0123 503 9 9 9"))
    assert found[1].message == "Could not resolve host: a"
    assert reader.ended() == []
    assert reader.stray == []


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=30))
def test_bodies_are_matched_with_their_figures_whichever_comes_first(steps: list[tuple[bool, int]]) -> None:
    bodies = b"from:c1 from:c2 "
    said = f"{MARK} 200 0.1 1 8\n{MARK} 200 0.1 1 8\n".encode()
    reader = CallReader(order(count=2, keeps_body=True), parse_identify("body:from:(\\w+)"))
    found: list[Answer] = []
    for is_body, size in steps:
        if is_body:
            found += reader.gave(bodies[:size])
            bodies = bodies[size:]
        else:
            found += reader.said(said[:size])
            said = said[size:]
    found += [*reader.gave(bodies), *reader.said(said), *reader.ended()]
    assert [one.by for one in found] == ["c1", "c2"]


def test_the_answer_that_is_shown_is_identified_by_its_body_alone() -> None:
    reader = CallReader(order(shows_answer=True), parse_identify("body:c\\d"))
    assert reader.gave(b"HTTP/1.1 200 OK\r\nx: c9\r\n\r\nby c1") == []
    assert reader.said(f"{MARK} 200 0.1 1 5\n".encode()) == []
    assert [one.by for one in reader.ended()] == ["c1"]


def test_what_belongs_to_no_call_is_kept_as_said() -> None:
    reader = CallReader(order(), Identify())
    assert reader.said(b"curl: option --rate: is unknown\ncurl: try") == []
    assert reader.ended() == []
    assert reader.stray == ["curl: option --rate: is unknown", "curl: try"]


def test_endless_output_is_bounded() -> None:
    reader = CallReader(order(count=2, keeps_body=True), parse_identify("body:x"))
    for _ in range(300):
        reader.said(b"y" * (1 << 16))
        assert reader.gave(b"x" * (1 << 16)) == []
    assert len(reader._line) <= 1 << 16
    assert len(reader._body) <= 1 << 24


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(6, "not-resolved"), (7, "refused"), (28, "timeout"), (52, "reset"), (56, "reset"), (3, "other")],
)
def test_exit_codes_of_curl_have_names(code: int, trouble: str) -> None:
    assert trouble_of(code) == trouble


def test_one_call_and_many_are_other_words() -> None:
    one = order(headers=("X-A: b",), shows_answer=True)
    assert one.argv[-2:] == ("-g", "http://a.b.mesh.internal:80/")
    assert one.stdin == b"Connection: close\nX-A: b\n"
    many = order(count=20, rate=0.5)
    assert many.argv[-1] == "http://a.b.mesh.internal:80/#[1-20]"
    assert many.argv[many.argv.index("--rate") + 1] == "30/m"
    assert many.seconds == 200.0
    assert "X-A" not in " ".join(many.argv)


@given(st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=300), max_size=30))
def test_no_path_can_end_a_request_line(text: str) -> None:
    try:
        path = checked_path(f"/{text}")
    except UsageError:
        return
    assert not set(path) & set("\r\n\t #\0")
    assert path.isascii()


@given(st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=300), max_size=30))
def test_no_header_can_begin_another(text: str) -> None:
    try:
        header = checked_header(f"X-A: {text}")
    except UsageError:
        return
    assert header.isprintable()
    assert order(headers=(header,)).stdin.count(b"\n") == 2


@pytest.mark.parametrize(("text", "rate"), [("10", 10.0), ("10/s", 10.0), ("30/m", 0.5), ("36/h", 0.01)])
def test_rates_are_curls(text: str, rate: float) -> None:
    assert checked_rate(text) == rate


@given(st.lists(st.floats(0, 100), min_size=1))
def test_percentiles_are_values_in_order(values: list[float]) -> None:
    found = latency_of(values)
    assert found is not None
    spread = [found.min, found.p50, found.p90, found.p99, found.max]
    assert spread == sorted(spread)
    assert set(spread) <= set(values)
    assert (found.min, found.max) == (min(values), max(values))


def test_the_percentile_is_the_nearest_rank() -> None:
    ordered = [float(number) for number in range(1, 101)]
    assert [percentile(ordered, share) for share in (50, 90, 99, 100)] == [50.0, 90.0, 99.0, 100.0]
    assert latency_of([]) is None


def test_figures_count_what_failed_and_who_answered() -> None:
    answers = [
        Answer(200, 0.1, by="c1", connects=1),
        Answer(200, 0.2, by="c2", connects=1),
        Answer(404, 0.3, by="c2"),
        Answer(503, 0.4),
        Answer(0, 9.0, Trouble.TIMEOUT, "too late"),
        Answer(200, 0.5, Trouble.RESET, "cut off", by="c1"),
    ]
    found = figures_of(answers, {"c1": "cluster1"})
    assert (found.ended, found.good, found.connections) == (6, 3, 2)
    assert found.statuses == {"200": 3, "404": 1, "503": 1}
    assert [(one.kind, one.count, one.message) for one in found.failed] == [
        ("503", 1, "HTTP 503"),
        ("timeout", 1, "too late"),
        ("reset", 1, "cut off"),
    ]
    assert [(one.name, one.count, one.context) for one in found.served_by] == [
        ("c1", 2, "cluster1"),
        ("c2", 2, None),
        ("unknown", 1, None),
    ]
    assert found.latency is not None
    assert found.latency.max == 0.4  # what was not answered, or not wholly, took no time that could be compared
