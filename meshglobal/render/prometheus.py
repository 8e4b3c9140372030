"""`--report prometheus=FILE`: gauges in Prometheus' text format, for a textfile collector.

``meshglobal_host_state`` has one sample for each host and cluster, with its state as a label: the states that a host is
not in have no sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from meshglobal.domain.finding import Finding
from meshglobal.domain.verdict import State
from meshglobal.domain.waivers import Waived
from meshglobal.render.legible import legible
from meshglobal.render.result import CHAIN, CLUSTER, DRILL, HOST, Result, Told

Labels = tuple[tuple[str, str], ...]


@dataclass
class Gauge:
    """A metric: its name, what it says, its samples by their labels."""

    name: str
    help: str
    samples: Mapping[Labels, int] = field(default_factory=dict)


def text_of(result: Result) -> str:
    """The result as metrics."""
    return "".join(line for gauge in _gauges(result) for line in _lines(gauge))


def _gauges(result: Result) -> Iterator[Gauge]:
    yield Gauge("meshglobal_exit_code", "What the run ended with.", {(): result.exit_code})
    reached: dict[Labels, int] = {(("context", one.context),): int(one.reached) for one in result.clusters}
    yield Gauge("meshglobal_cluster_reached", "1 for a cluster that answered.", reached)
    read: dict[Labels, int] = {
        (("context", one.context),): int(one.reached and not one.unread) for one in result.clusters
    }
    yield Gauge("meshglobal_cluster_read", "1 for a cluster that was read completely.", read)
    if result.subject is HOST:
        yield Gauge("meshglobal_hosts", "Global hosts by state; each host and cluster once.", _by_state(result))
    yield Gauge(result.subject.metric, _STATES[result.subject], {_labels_of(one, result): 1 for one in result.told})
    if result.links:
        links: dict[Labels, int] = {
            (("context", one), ("peer", peer), ("state", tie)): 1 for one, peer, tie in result.links
        }
        yield Gauge("meshglobal_link_state", "1 with what a cluster says of a peer.", links)
    if result.writes:
        written: Counter[Labels] = Counter(
            (("context", one.context), ("status", one.status.value)) for one in result.writes
        )
        yield Gauge("meshglobal_writes", "Objects by cluster and by what became of their write.", written)
    yield Gauge("meshglobal_findings", "Findings by code, cluster and service.", _findings(result))
    yield Gauge(
        "meshglobal_waived", "What was found and does not count, by code, cluster and service.", _waived(result)
    )


_STATES = {
    HOST: "1 with the state that a global host has in a cluster.",
    CHAIN: "1 with the state of a service's chain in a cluster, and the link that it is about.",
    CLUSTER: "1 with the state of a cluster.",
    DRILL: "1 with what became of the calls while a cluster's copy was away.",
}


def _by_state(result: Result) -> dict[Labels, int]:
    counted = Counter(told.state for told in result.told)
    return {(("state", state.value),): counted[state.value] for state in State}


def _labels_of(told: Told, result: Result) -> Labels:
    where = {"context": told.context}
    if result.subject is not CLUSTER:
        where |= {"namespace": told.namespace, "service": told.service}
        where |= {"host": told.host} if result.subject is HOST else {result.subject.detail: told.detail}
    return (*where.items(), ("state", told.state))


def _findings(result: Result) -> Counter[Labels]:
    counted: Counter[Labels] = Counter()
    for one in result.findings:
        what = {"code": one.code, "slug": one.slug, "level": one.level.value}
        counted[(*what.items(), *_where(one))] += 1
    return counted


def _waived(result: Result) -> Counter[Labels]:
    return Counter((("code", one.code), *_where(one)) for one in result.waived)


def _where(one: Finding | Waived) -> Labels:
    return ("context", one.context or ""), ("namespace", one.namespace or ""), ("service", one.service or "")


def _lines(gauge: Gauge) -> Iterator[str]:
    yield f"# HELP {gauge.name} {gauge.help}\n# TYPE {gauge.name} gauge\n"
    # Names that are only told apart by what cannot be shown must not become the same sample twice.
    samples: dict[str, int] = {}
    for labels, value in gauge.samples.items():
        text = _labels(labels)
        samples[text] = max(value, samples.get(text, 0))
    for text, value in samples.items():
        yield f"{gauge.name}{text} {value}\n"


def _labels(labels: Iterable[tuple[str, str]]) -> str:
    written = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels)
    return f"{{{written}}}" if written else ""


def _escaped(value: str) -> str:
    return legible(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
