"""Laws of names, targets, modes, ports and exit codes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from meshglobal.domain import kinds
from meshglobal.domain.distribution import MODES, UPSTREAM_MODES, canonical_mode
from meshglobal.domain.errors import ExitCode, UsageError
from meshglobal.domain.names import (
    ServiceKey,
    SplitHost,
    entry_name,
    entry_names,
    generated_for,
    global_host,
    is_dns_label,
    is_dns_name,
    is_generated,
    peer_entry_name,
    peer_in,
    split_host,
)
from meshglobal.domain.objects import ServicePort
from meshglobal.domain.ports import Port, agree, service_port
from meshglobal.domain.report import ClusterReport, Summary, Thresholds, exit_code, summarise
from meshglobal.domain.targets import Targets, parse_targets
from meshglobal.domain.verdict import Severity, State, Verdict

dns_labels = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?", fullmatch=True)
keys = st.builds(ServiceKey, dns_labels, dns_labels)
domains = st.lists(dns_labels, min_size=1, max_size=3).map(".".join)


@given(keys, domains)
def test_a_host_taken_apart_gives_what_it_was_made_of(key: ServiceKey, domain: str) -> None:
    host = global_host(key, domain)
    assert split_host(host) == SplitHost(key, domain)
    assert is_dns_name(host)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a..c", ".b.c", "a.b."])
def test_other_texts_are_no_hosts(text: str) -> None:
    assert split_host(text) is None


@given(keys, st.none() | dns_labels)
def test_an_entry_s_name_tells_its_service(key: ServiceKey, segment: str | None) -> None:
    assert generated_for(entry_name(key, segment)) == key
    assert is_generated(entry_name(key, segment))
    assert entry_name(key, segment) in entry_names(key, segment)
    assert entry_name(key) in entry_names(key, segment)


@given(keys, dns_labels)
def test_a_peer_s_entry_tells_service_and_peer(key: ServiceKey, peer: str) -> None:
    assert generated_for(peer_entry_name(peer, key)) == key
    assert peer_in(peer_entry_name(peer, key)) == peer


@pytest.mark.parametrize("name", ["", "autogen.", "autogen.a", "autogen..a", "autogenflat.c1.pod.ns.a", "a.b.c"])
def test_other_names_tell_no_service(name: str) -> None:
    assert generated_for(name) is None
    assert peer_in(name) is None


@given(st.text(max_size=70))
def test_a_dns_label_is_short_and_has_its_letters(text: str) -> None:
    legal = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    expected = 0 < len(text) <= 63 and set(text) <= legal and text[0] != "-" and text[-1] != "-"
    assert is_dns_label(text) == expected


@pytest.mark.parametrize("length", [63, 64])
def test_a_dns_label_has_at_most_63_characters(length: int) -> None:
    assert is_dns_label("a" * length) == (length == 63)


# -- targets

words = st.sampled_from(
    [
        ("svc", kinds.SERVICE),
        ("service", kinds.SERVICE),
        ("Services", kinds.SERVICE),
        ("ns", kinds.NAMESPACE),
        ("namespace", kinds.NAMESPACE),
        ("namespaces", kinds.NAMESPACE),
    ]
)


@given(words, st.lists(dns_labels, min_size=1, unique=True))
def test_both_ways_to_name_targets_mean_the_same(word: tuple[str, kinds.Kind], names: list[str]) -> None:
    text, kind = word
    targets = Targets(kind, tuple(names))
    assert parse_targets([text, *names]) == targets
    assert parse_targets([f"{text}/{name}" for name in names]) == targets
    assert parse_targets([text, *names, *names]) == targets


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "name what to act on"),
        (["svc"], "name at least one service"),
        (["pods", "a"], "no kind that can be exposed"),
        (["productpage"], "no kind that can be exposed"),
        (["svc/a", "ns/b"], "in one command"),
        (["svc/a", "b"], "has the form KIND/NAME"),
        (["svc", "ns/b"], "has the form KIND/NAME or none has"),
        (["svc", "svc/b"], "has the form KIND/NAME or none has"),
        (["svc", "UPPER"], "cannot be the name of a Service"),
        (["svc/"], "cannot be the name of a Service"),
        (["svc", "a/b"], "has the form KIND/NAME or none has"),
        (["ns", "a.b"], "cannot be the name of a Namespace"),
        (["svc", "autogen.bookinfo.reviews"], "its Service is svc/reviews in namespace bookinfo"),
    ],
)
def test_targets_that_cannot_be_are_refused(texts: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_targets(texts)


def test_reading_commands_need_no_targets() -> None:
    assert parse_targets([], needs_names=False) is None
    assert parse_targets(["svc"], needs_names=False) == Targets(kinds.SERVICE, ())


# -- modes and ports


@given(st.sampled_from([*MODES, *UPSTREAM_MODES]), st.data())
def test_a_mode_is_known_in_every_spelling_and_its_canonical_one_stays(mode: str, data: st.DataObject) -> None:
    spelt = "".join(data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in mode)
    assert canonical_mode(spelt) == mode
    assert canonical_mode(canonical_mode(spelt) or "") == mode


@given(st.text(max_size=16))
def test_a_canonical_mode_is_known_or_nothing(text: str) -> None:
    canonical = canonical_mode(text)
    assert canonical is None or canonical in {*MODES, *UPSTREAM_MODES}
    assert canonical is None or canonical_mode(canonical) == canonical


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        (ServicePort(port=1), None),
        (ServicePort(port=1, name="http"), "HTTP"),
        (ServicePort(port=1, name="HTTP2-api"), "HTTP2"),
        (ServicePort(port=1, name="httpx"), None),
        (ServicePort(port=1, name="grpc-web"), "GRPC-WEB"),
        (ServicePort(port=1, name="http", app_protocol="GRPC"), "GRPC"),
        (ServicePort(port=1, name="http", app_protocol="kubernetes.io/h2c"), "HTTP2"),
        (ServicePort(port=1, name="http", app_protocol="example.com/own"), None),
        (ServicePort(port=1, name="http", protocol="UDP"), "UDP"),
        (ServicePort(port=1, name="udp-dns", protocol="UDP", app_protocol="http"), "UDP"),
    ],
)
def test_the_protocol_of_a_port(port: ServicePort, protocol: str | None) -> None:
    assert service_port(port) == Port(1, protocol)


ports = st.builds(Port, st.integers(1, 3), st.sampled_from([None, "HTTP", "TCP", "UDP"]))


@given(ports, ports)
def test_ports_agree_both_ways(one: Port, other: Port) -> None:
    assert agree(one, one)
    assert agree(one, other) == agree(other, one)
    assert not agree(one, other) or one.number == other.number


# -- exit codes

verdict_lists = st.lists(
    st.builds(
        Verdict, namespace=st.just("n"), service=st.just("s"), context=st.just("c"), state=st.sampled_from(State)
    ),
    max_size=4,
)
coverages = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: (min(pair), max(pair)))
percents = st.sampled_from([0.0, 50.0, 99.0, 100.0])
thresholds = st.sampled_from([None, Severity.UNKNOWN, Severity.WARNING, Severity.ERROR])


def code_of(verdicts: list[Verdict], coverage: tuple[int, int], fail_on: Severity | None, least: float) -> ExitCode:
    read, selected = coverage
    counted = summarise(verdicts, [ClusterReport(context=str(n), reached=n < read) for n in range(selected)])
    return exit_code(verdicts, counted, Thresholds(fail_on, least))


@given(verdict_lists, coverages, thresholds, percents)
def test_findings_come_before_what_could_not_be_checked_and_both_before_success(
    verdicts: list[Verdict], coverage: tuple[int, int], fail_on: Severity | None, least: float
) -> None:
    code = code_of(verdicts, coverage, fail_on, least)
    is_found = fail_on is not None and any(verdict.severity >= fail_on for verdict in verdicts)
    assert (code is ExitCode.FINDINGS) == is_found
    if code is ExitCode.OK and least == 100.0:
        assert coverage[0] == coverage[1] > 0
        assert all(verdict.state is not State.UNKNOWN for verdict in verdicts)


@given(verdict_lists, coverages, thresholds, thresholds, percents, percents)
def test_a_stricter_threshold_never_turns_failure_into_success(
    verdicts: list[Verdict],
    coverage: tuple[int, int],
    loose: Severity | None,
    strict: Severity | None,
    low: float,
    high: float,
) -> None:
    def rank(fail_on: Severity | None) -> int:
        return -int(fail_on) if fail_on is not None else -99

    assume(rank(loose) <= rank(strict) and low <= high)
    if code_of(verdicts, coverage, strict, high) is ExitCode.OK:
        assert code_of(verdicts, coverage, loose, low) is ExitCode.OK
    if code_of(verdicts, coverage, loose, low) is ExitCode.FINDINGS:
        assert code_of(verdicts, coverage, strict, high) is ExitCode.FINDINGS


@given(verdict_lists, st.sampled_from(State), coverages, thresholds, percents)
def test_one_verdict_more_never_turns_failure_into_success(
    verdicts: list[Verdict], state: State, coverage: tuple[int, int], fail_on: Severity | None, least: float
) -> None:
    more = [*verdicts, Verdict(namespace="n", service="s", context="c", state=state)]
    if code_of(more, coverage, fail_on, least) is ExitCode.OK:
        assert code_of(verdicts, coverage, fail_on, least) is ExitCode.OK
    if code_of(verdicts, coverage, fail_on, least) is ExitCode.FINDINGS:
        assert code_of(more, coverage, fail_on, least) is ExitCode.FINDINGS


@given(verdict_lists)
def test_the_summary_counts_each_verdict_once(verdicts: list[Verdict]) -> None:
    summary = summarise(verdicts, [])
    assert summary == Summary(
        **{state.name.lower(): sum(verdict.state is state for verdict in verdicts) for state in State}
    )
