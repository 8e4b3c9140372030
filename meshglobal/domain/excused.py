"""Which broken links of a chain do not count: the finding behind them is waived, or they are waived themselves.

A link is named in a waiver as ``link-`` and its name with dashes: ``link-peers-joined``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from meshglobal.domain.diagnosis import Chain, ChainLink
from meshglobal.domain.finding import Finding
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.waivers import Allowances, Counted, Waived


def link_code(name: str) -> str:
    """A link as reports and waivers name it."""
    return f"link-{name.replace(' ', '-')}"


def link_fingerprint(context: str, key: ServiceKey, name: str) -> str:
    """Of a broken link; the same in every run, whatever its words."""
    parts = (link_code(name), context, key.namespace, key.name)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def as_counted(findings: Sequence[Finding], left: Counted) -> tuple[Finding, ...]:
    """All findings, the waived ones too, with the levels that they have been given."""
    kept = {one.fingerprint: one for one in left.findings}
    return tuple(kept.get(one.fingerprint, one) for one in findings)


def excused(
    chains: Sequence[Chain], key: ServiceKey, left: Counted, allowances: Allowances
) -> tuple[tuple[Chain, ...], tuple[Waived, ...]]:
    """The chains with what is waived marked so, and the links that are waived for themselves."""
    marked: list[Chain] = []
    waived: list[Waived] = []
    for chain in chains:
        link = chain.broken
        reason = ""
        if link is not None:
            own = _own_excuse(chain.context, link, key, allowances)
            waived += [own] if own is not None else []
            reason = own.reason if own is not None else _reason(chain.context, link, key, left)
        marked.append(_marked(chain, reason))
    return tuple(marked), tuple(waived)


def _marked(chain: Chain, reason: str) -> Chain:
    if not reason:
        return chain
    links = (msgspec.structs.replace(one, waived=reason) if one is chain.broken else one for one in chain.links)
    return msgspec.structs.replace(chain, links=tuple(links))


def _own_excuse(context: str, link: ChainLink, key: ServiceKey, allowances: Allowances) -> Waived | None:
    code, subject = link_code(link.name), f"{context} {key}"
    fingerprint = link_fingerprint(context, key, link.name)
    excuse = allowances.excuse_of((code,), subject, fingerprint)
    if excuse is None:
        return None
    return Waived(
        code=code,
        subject=subject,
        message=link.message,
        reason=excuse.reason,
        expires=excuse.expires,
        fingerprint=fingerprint,
        level=link.level,
        context=context,
        namespace=key.namespace,
        service=key.name,
    )


def _reason(context: str, link: ChainLink, key: ServiceKey, left: Counted) -> str:
    """Why the finding behind a link does not count; without a finding: why no host there does."""
    if link.code is not None:
        if any(one.code == link.code and one.context in (context, None) for one in left.findings):
            return ""
        found = [one for one in left.waived if one.code == link.code and one.context in (context, None)]
        return found[0].reason if found else ""
    place = (context, key.namespace, key.name)
    if any((one.context, one.namespace, one.service) == place for one in left.hosts):
        return ""
    hosts = [one for one in left.waived if (one.context, one.namespace, one.service) == place]
    return hosts[0].reason if hosts else ""
