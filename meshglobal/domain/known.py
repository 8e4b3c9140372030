"""What an earlier document found, for a baseline: of it only what is new counts."""

from __future__ import annotations

from collections.abc import Iterator

from meshglobal.domain.diagnosis import Diagnosis
from meshglobal.domain.drill_report import Drill
from meshglobal.domain.excused import link_fingerprint
from meshglobal.domain.fleet import FleetCheck
from meshglobal.domain.inventory import Inventory
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import Report
from meshglobal.domain.verdict import State, Verdict

Document = Report | Diagnosis | FleetCheck | Inventory | Drill
"""What a command that reads prints."""
DOCUMENTS: dict[str, type[Document]] = {
    "Report": Report,
    "Diagnosis": Diagnosis,
    "FleetCheck": FleetCheck,
    "Inventory": Inventory,
    "Drill": Drill,
}


def fingerprints_of(document: Document) -> frozenset[str]:
    """Of its findings, of what was waived, of hosts that are not Ready, and of broken links."""
    hosts = {host.fingerprint for host in hosts_of(document) if host.state is not State.READY}
    waived = {one.fingerprint for one in document.waived}
    links = set(_links(document)) if isinstance(document, Diagnosis) else set()
    return frozenset(hosts | waived | links | {finding.fingerprint for finding in document.findings})


def hosts_of(document: Document) -> tuple[Verdict, ...]:
    """The global hosts that it speaks of, by cluster."""
    if isinstance(document, Report):
        return document.hosts
    if isinstance(document, Inventory):
        return tuple(host for service in document.services for cell in service.cells for host in cell.hosts)
    return ()


def _links(diagnosis: Diagnosis) -> Iterator[str]:
    key = ServiceKey(diagnosis.namespace, diagnosis.service)
    for chain in diagnosis.chains:
        if (link := chain.broken) is not None:
            yield link_fingerprint(chain.context, key, link.name)
