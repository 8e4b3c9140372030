"""`--report prometheus=FILE`: gauges in Prometheus' text format, for a textfile collector.

``meshglobal_host_state`` has one sample for each host and cluster, with its state as a label: the states that a host is
not in have no sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from meshglobal.domain.report import Report
from meshglobal.domain.verdict import State
from meshglobal.render.legible import legible

Labels = tuple[tuple[str, str], ...]


@dataclass
class Gauge:
    """A metric: its name, what it says, its samples by their labels."""

    name: str
    help: str
    samples: Mapping[Labels, int] = field(default_factory=dict)


def text_of(report: Report) -> str:
    """The report as metrics."""
    return "".join(line for gauge in _gauges(report) for line in _lines(gauge))


def _gauges(report: Report) -> Iterator[Gauge]:
    yield Gauge("meshglobal_exit_code", "What the run ended with.", {(): report.exit_code})
    reached: dict[Labels, int] = {(("context", one.context),): int(one.reached) for one in report.clusters}
    yield Gauge("meshglobal_cluster_reached", "1 for a cluster that answered.", reached)
    read: dict[Labels, int] = {
        (("context", one.context),): int(one.reached and not one.unread) for one in report.clusters
    }
    yield Gauge("meshglobal_cluster_read", "1 for a cluster that was read completely.", read)
    yield Gauge("meshglobal_hosts", "Global hosts by state; each host and cluster once.", _by_state(report))
    yield Gauge("meshglobal_host_state", "1 with the state that a global host has in a cluster.", _states(report))
    yield Gauge("meshglobal_findings", "Findings by code, cluster and service.", _findings(report))


def _by_state(report: Report) -> dict[Labels, int]:
    counted = Counter(verdict.state for verdict in report.hosts)
    return {(("state", state.value),): counted[state] for state in State}


def _states(report: Report) -> dict[Labels, int]:
    found = {}
    for one in report.hosts:
        where = {"context": one.context, "namespace": one.namespace, "service": one.service, "host": one.host or ""}
        found[(*where.items(), ("state", one.state.value))] = 1
    return found


def _findings(report: Report) -> dict[Labels, int]:
    counted: Counter[Labels] = Counter()
    for one in report.findings:
        what = {"code": one.code, "slug": one.slug, "level": one.level.value}
        where = {"context": one.context or "", "namespace": one.namespace or "", "service": one.service or ""}
        counted[tuple((what | where).items())] += 1
    return counted


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
