"""The result of `diagnose` for people: each cluster's chain up to its first broken link, then one cause."""

from __future__ import annotations

from collections.abc import Sequence

from meshglobal.domain.diagnosis import Chain, Diagnosis, Outcome, RootCause
from meshglobal.domain.finding import Level
from meshglobal.render.screen import Screen

_STYLES = {Outcome.OK: "green", Outcome.BROKEN: "bold red", Outcome.UNCHECKED: "yellow"}
_WIDTH = 11
_MANY = 8
_FEW = 3


def show_diagnosis(diagnosis: Diagnosis, out: Screen, *, wide: bool = False) -> None:
    """Print the chains; what was not checked because something before it is broken only if ``wide``.

    Of many chains those in which all is well are one line, and others that are alike one chain, unless ``wide``.
    """
    is_partial = any(cluster.unread for cluster in diagnosis.clusters)
    none = "host not known: not all could be read" if is_partial else "no host: no cluster publishes it"
    hosts = ", ".join(diagnosis.hosts) or none
    out.print(f"{diagnosis.namespace}/{diagnosis.service} ({hosts})")
    if wide or len(diagnosis.chains) <= _MANY:
        together = [[chain] for chain in diagnosis.chains]
    else:
        together = _alike([chain for chain in diagnosis.chains if not _is_fine(chain)])
        fine = len(diagnosis.chains) - sum(map(len, together))
        if fine:
            out.print(f"\n{fine} of {len(diagnosis.chains)} clusters: all ok (-o wide shows each)")
    for alike in together:
        rest = f" and {len(alike) - _FEW} more" if len(alike) > _FEW else ""
        out.print(f"\n{', '.join(chain.context for chain in alike[:_FEW])}{rest}:")
        _show_chain(alike[0], out, wide=wide)
    out.print()
    if diagnosis.cause is not None:
        _show_cause("cause", diagnosis.cause, out)
        return
    out.print(without_cause(diagnosis))
    if diagnosis.doubt is not None:
        _show_cause("unknown" if diagnosis.doubt.level is Level.UNKNOWN else "doubt", diagnosis.doubt, out)


def _is_fine(chain: Chain) -> bool:
    return all(link.outcome is Outcome.OK for link in chain.links)


def _alike(chains: Sequence[Chain]) -> list[list[Chain]]:
    together: list[list[Chain]] = []
    for chain in chains:
        same = next((some for some in together if some[0].links == chain.links), None)
        if same is None:
            together.append([chain])
        else:
            same.append(chain)
    return together


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
