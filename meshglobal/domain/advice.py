"""Remarks on how services are exposed: what is legal but doubtful, with the rule it rests on.

None of these changes a verdict. `expose` shows them before it writes (on the services as they would be), `verify` and
`describe` after reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from meshglobal.domain import scope
from meshglobal.domain.distribution import DEFAULT_MODE, UPSTREAM_MODES, canonical_mode, mode_of
from meshglobal.domain.labels import SERVICE_SCOPE, SERVICE_TAKEOVER, TAKEOVER_ON, TRAFFIC_DISTRIBUTION
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Service
from meshglobal.domain.ports import ports_text, service_port
from meshglobal.domain.report import Note
from meshglobal.domain.scope import Origin, Scope
from meshglobal.domain.view import ClusterView

Remark = tuple[str, str]


def _kind_remarks(service: Service, effective: Scope) -> Iterator[Remark]:
    if not effective.is_published:
        return
    if service.is_external_name:
        yield "an ExternalName Service has no endpoints; that it can be global is not documented", "R40"
    elif service.is_headless:
        yield "a headless Service has no virtual IP; that it can be global is not documented", "R40"
    elif not service.spec.selector:
        yield "a Service without selector gets no endpoints from pods; that it can be global is not documented", "R40"
    if service.ports and all(port.protocol == "UDP" for port in service.ports):
        yield "a Service with UDP ports only cannot be reached through the mesh's tunnel", "R40"


def _scope_remarks(service: Service, effective: Scope) -> Iterator[Remark]:
    del service
    if effective.value == scope.GLOBAL_ONLY:
        yield f"{SERVICE_SCOPE}=global-only is an older spelling of global with takeover", "R5"
    if effective.is_unknown_value:
        legal = ", ".join(sorted(scope.KNOWN))
        yield f"{SERVICE_SCOPE}={effective.value!r} is none of {legal}: it publishes nothing", "R3"
    if effective.setting.overruled is not None and effective.setting.origin is Origin.SERVICE:
        yield (
            (
                f"the Service says {effective.value}, its Namespace {effective.setting.overruled}: "
                "the Service's was taken (this precedence is inferred)"
            ),
            "R2",
        )


def _takeover_remarks(service: Service, effective: Scope) -> Iterator[Remark]:
    value = effective.takeover.value
    if value is not None and value != TAKEOVER_ON:
        yield f"{SERVICE_TAKEOVER}={value!r} is not {TAKEOVER_ON!r}: what it does is not documented", "R24"
    elif value is not None and effective.is_published is False:
        yield "takeover has no effect without a published scope", "R26"
    if effective.is_taken_over and canonical_mode(mode_of(service) or DEFAULT_MODE) == DEFAULT_MODE:
        yield (
            (
                f"takeover with {DEFAULT_MODE}{'' if mode_of(service) else ' (the default)'}: "
                "the guide asks for another mode, for example --traffic-distribution Any"
            ),
            "R27",
        )


def _distribution_remarks(service: Service, effective: Scope) -> Iterator[Remark]:
    mode = mode_of(service)
    if mode is None or not effective.is_published:
        return
    canonical = canonical_mode(mode)
    if canonical is None:
        yield f"{TRAFFIC_DISTRIBUTION}={mode} is no known mode: it may act as Any", "R28"
    elif canonical in UPSTREAM_MODES:
        yield f"{TRAFFIC_DISTRIBUTION}={mode} is known from upstream Istio only", "R28"
    elif canonical != mode:
        yield f"{TRAFFIC_DISTRIBUTION}={mode} is not in the canonical spelling {canonical}", "R28"


_REMARKS: tuple[Callable[[Service, Scope], Iterator[Remark]], ...] = (
    _scope_remarks,
    _kind_remarks,
    _takeover_remarks,
    _distribution_remarks,
)


def service_notes(view: ClusterView, key: ServiceKey) -> Iterator[Note]:
    """What is doubtful about one Service in one cluster."""
    service, effective = view.services.get(key), view.scope_of(key)
    if service is None or effective is None:
        return
    for remarks in _REMARKS:
        for message, rule in remarks(service, effective):
            yield Note(
                severity="warning",
                message=message,
                rule=rule,
                context=view.context,
                namespace=key.namespace,
                service=key.name,
            )


def _mode_in_effect(service: Service) -> str:
    mode = mode_of(service) or DEFAULT_MODE
    return canonical_mode(mode) or mode


def fleet_notes(views: Sequence[ClusterView], key: ServiceKey) -> Iterator[Note]:
    """What differs between the clusters that publish one service: ports (R16), distribution (R29)."""
    published = [
        (view.context, view.services[key])
        for view in views
        if (effective := view.scope_of(key)) is not None and effective.is_published
    ]
    facets: tuple[tuple[str, str, Callable[[Service], str]], ...] = (
        ("ports differ between clusters", "R16", lambda one: ports_text(tuple(map(service_port, one.ports)))),
        ("traffic distribution differs between clusters", "R29", _mode_in_effect),
    )
    for title, rule, facet in facets:
        groups: dict[str, list[str]] = {}
        for context, service in published:
            groups.setdefault(facet(service), []).append(context)
        if len(groups) > 1:
            shown = "; ".join(f"{value} in {_some(contexts)}" for value, contexts in groups.items())
            yield Note(
                severity="warning", message=f"{title}: {shown}", rule=rule, namespace=key.namespace, service=key.name
            )


def _some(contexts: Sequence[str], most: int = 3) -> str:
    rest = len(contexts) - most
    return ", ".join(contexts[:most]) + (f" and {rest} more" if rest > 0 else "")


def notes_of(views: Sequence[ClusterView], keys: Sequence[ServiceKey]) -> list[Note]:
    """All remarks on some services; the same remark about several clusters stands once, with the clusters listed."""
    grouped: dict[tuple[ServiceKey, str, str], list[str]] = {}
    for key in keys:
        for view in views:
            for note in service_notes(view, key):
                grouped.setdefault((key, note.rule, note.message), []).append(view.context)
    merged = [
        Note(
            severity="warning",
            message=message,
            rule=rule,
            context=", ".join(contexts),
            namespace=key.namespace,
            service=key.name,
        )
        for (key, rule, message), contexts in grouped.items()
    ]
    return merged + [note for key in keys for note in fleet_notes(views, key)]
