"""From what a page asks for to an order, with the same rules and words as the commands. Pure."""

from __future__ import annotations

from collections.abc import Collection

from meshglobal.app.exposing import Order
from meshglobal.app.selecting import Request
from meshglobal.dashboard.actions_documents import UNSET, PlanAsked
from meshglobal.domain import kinds, scope
from meshglobal.domain.errors import RefusedError, UsageError
from meshglobal.domain.exposure import checked_mode, checked_scope
from meshglobal.domain.labels import SERVICE_TAKEOVER, TAKEOVER_ON, TRAFFIC_DISTRIBUTION
from meshglobal.domain.names import is_dns_label
from meshglobal.domain.planning import Intent, expose_intent, unexpose_intent
from meshglobal.domain.targets import Targets, parse_targets

# Of each action the fields that mean something to it alone.
_FIELDS = {
    "expose": ("scope", "takeover", "distribution"),
    "unexpose": ("opt_out", "purge"),
    "set": ("takeover", "distribution"),
}
_OPTIONAL = ("scope", "takeover", "distribution", "opt_out", "purge")


def order_of(asked: PlanAsked, contexts: Collection[str], namespace: str | None) -> Order:
    """The order, which is carried out later.

    Args:
        asked: what the page wants.
        contexts: all that there are.
        namespace: the only one that the page shows; None: it shows all.

    Raises:
        UsageError: what cannot be.
        RefusedError: it is in a namespace that the page does not show.
    """
    targets = parse_targets([asked.kind, *asked.names])
    if targets is None:
        raise UsageError("name what to change")
    _check_fields(asked)
    _check_place(asked, targets, namespace)
    if unknown := sorted(set(asked.contexts or ()) - set(contexts)):
        raise UsageError(f"{', '.join(unknown)}: no such context here", f"there are {', '.join(contexts)}")
    if asked.contexts == ():
        raise UsageError("no cluster was chosen")
    return Order(
        command=asked.action,
        request=Request(targets, asked.namespace if targets.kind.is_namespaced else None),
        intent=intent_of(asked),
        asks=True,
        overwrite=asked.overwrite or asked.opt_out,
        contexts=None if asked.contexts is None else frozenset(asked.contexts),
    )


def intent_of(asked: PlanAsked) -> Intent:
    """The wanted values.

    Raises:
        UsageError: a scope or a mode that cannot be.
    """
    if asked.action == "unexpose":
        return unexpose_intent(opt_out=asked.opt_out, purge=asked.purge)
    is_unset = asked.distribution == UNSET
    mode = checked_mode(None if is_unset else asked.distribution, is_namespace=asked.kind == "ns")
    if asked.action == "expose":
        return expose_intent(checked_scope(asked.scope or scope.GLOBAL), takeover=asked.takeover, distribution=mode)
    values: dict[str, str | None] = {}
    if asked.takeover is not None:
        values[SERVICE_TAKEOVER] = TAKEOVER_ON if asked.takeover else None
    if asked.distribution is not None:
        values[TRAFFIC_DISTRIBUTION] = mode
    return Intent(values)


def _check_fields(asked: PlanAsked) -> None:
    values = {one: getattr(asked, one) for one in _OPTIONAL}
    given = [one for one, value in values.items() if value or (one == "takeover" and value is not None)]
    if odd := [one for one in given if one not in _FIELDS[asked.action]]:
        raise UsageError(f"{asked.action} has no {odd[0].replace('_', '-')}")
    if asked.action == "set" and not given:
        raise UsageError("nothing to set: give a takeover or a distribution")
    if asked.action == "expose" and asked.distribution == UNSET:
        raise UsageError("expose cannot take a distribution away", "use set, or unexpose with purge")


def _check_place(asked: PlanAsked, targets: Targets, namespace: str | None) -> None:
    is_of_namespace = targets.kind is kinds.SERVICE
    if is_of_namespace and not is_dns_label(asked.namespace or ""):
        raise UsageError("services are in a namespace: give its name")
    places = {asked.namespace} if is_of_namespace else set(targets.names)
    if namespace is not None and places != {namespace}:
        raise RefusedError(f"this dashboard shows only the namespace {namespace}, and changes nothing elsewhere")
