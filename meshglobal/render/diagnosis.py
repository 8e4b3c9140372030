"""The result of `diagnose` for people: each cluster's chain up to its first broken link, then one cause."""

from __future__ import annotations

from meshglobal.domain.diagnosis import Chain, Diagnosis, Outcome
from meshglobal.render.screen import Screen

_STYLES = {Outcome.OK: "green", Outcome.BROKEN: "bold red", Outcome.UNCHECKED: "yellow"}
_WIDTH = 11


def show_diagnosis(diagnosis: Diagnosis, out: Screen, *, wide: bool = False) -> None:
    """Print the chains; what was not checked because something before it is broken only if ``wide``."""
    hosts = ", ".join(diagnosis.hosts) or "no host: no cluster publishes it"
    out.print(f"{diagnosis.namespace}/{diagnosis.service} ({hosts})")
    for chain in diagnosis.chains:
        out.print(f"\n{chain.context}:")
        _show_chain(chain, out, wide=wide)
    out.print()
    cause = diagnosis.cause
    if cause is None:
        out.print(without_cause(diagnosis))
        return
    code = f" [{cause.code}]" if cause.code else ""
    out.print(f"cause: {', '.join(cause.contexts)}: {cause.link}: {cause.message}{code}", "bold")
    if cause.remedy:
        out.print(f"next:  {cause.remedy}")


def without_cause(diagnosis: Diagnosis) -> str:
    """What is said where there is no cause: nothing is broken, or nothing that counts."""
    links = [link for chain in diagnosis.chains for link in chain.links]
    if any(link.outcome is Outcome.BROKEN for link in links):
        return "what is broken is waived"
    is_unchecked = any(link.outcome is Outcome.UNCHECKED for link in links)
    return f"no broken link found{'; some were not checked' if is_unchecked else ''}"


def _show_chain(chain: Chain, out: Screen, *, wide: bool) -> None:
    width = max(len(link.name) for link in chain.links) + 2
    for link in chain.links:
        state = out.painted(f"{link.outcome.value:<{_WIDTH}}", _STYLES[link.outcome])
        waived = f" (waived: {link.waived})" if link.waived else ""
        out.print(f"  {link.name:<{width}}{state}  {link.message}{waived}".rstrip())
        if link.outcome is Outcome.BROKEN and not wide:
            return
