"""The result of `diagnose` for people: each cluster's chain up to its first broken link, then one cause."""

from __future__ import annotations

from meshglobal.domain.diagnosis import Chain, Diagnosis, Outcome, RootCause
from meshglobal.domain.finding import Level
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
    if diagnosis.cause is not None:
        _show_cause("cause", diagnosis.cause, out)
        return
    out.print(without_cause(diagnosis))
    if diagnosis.doubt is not None:
        _show_cause("unknown" if diagnosis.doubt.level is Level.UNKNOWN else "doubt", diagnosis.doubt, out)


def _show_cause(word: str, cause: RootCause, out: Screen) -> None:
    parts = (word, ", ".join(cause.contexts), cause.link, cause.message)
    code = f" [{cause.code}]" if cause.code else ""
    out.print(f"{': '.join(part for part in parts if part)}{code}", "bold")
    if cause.explains:
        out.print(f"which brings about {', '.join(cause.explains)}")
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
        said = f"{link.message}{f' (waived: {link.waived})' if link.waived else ''}"
        state = f"{link.outcome.value:<{_WIDTH}}" if said else link.outcome.value
        message = ("  ", ""), (said, "")
        out.print_parts((f"  {link.name:<{width}}", ""), (state, _STYLES[link.outcome]), *(message if said else ()))
        if link.outcome is Outcome.BROKEN and not wide:
            return
