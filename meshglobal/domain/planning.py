"""From an intent ("this Service shall be global") to steps: which keys differ on which object in which cluster.

A value that stands there and differs is a clash: like `kubectl label`, it is only replaced with ``--overwrite``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.domain import kinds, scope
from meshglobal.domain.kinds import Kind
from meshglobal.domain.labels import (
    BY_NAME,
    SERVICE_SCOPE,
    SERVICE_TAKEOVER,
    TAKEOVER_ON,
    TRAFFIC_DISTRIBUTION,
    Section,
)
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.objects import Object
from meshglobal.domain.plan import KeyChange, Step
from meshglobal.domain.view import ClusterView


@dataclass(frozen=True, slots=True)
class Intent:
    """The wanted values of our keys; None takes a key away, a key that is not named is left alone."""

    values: dict[str, str | None]


def expose_intent(wanted_scope: str, *, takeover: bool | None, distribution: str | None) -> Intent:
    """Publish with a scope; takeover None and distribution None leave those keys alone."""
    values: dict[str, str | None] = {SERVICE_SCOPE: wanted_scope}
    if takeover is not None:
        values[SERVICE_TAKEOVER] = TAKEOVER_ON if takeover else None
    if distribution is not None:
        values[TRAFFIC_DISTRIBUTION] = distribution
    return Intent(values)


def unexpose_intent(*, opt_out: bool = False, purge: bool = False) -> Intent:
    """Take the scope and the takeover away.

    Args:
        opt_out: write the scope `cluster` instead, which keeps a Service out of a published Namespace (R2).
        purge: take the traffic distribution away as well; by default it is left, since it may have been there before.
    """
    values: dict[str, str | None] = {SERVICE_SCOPE: scope.CLUSTER if opt_out else None, SERVICE_TAKEOVER: None}
    if purge:
        values[TRAFFIC_DISTRIBUTION] = None
    return Intent(values)


@dataclass(frozen=True, slots=True)
class Clash:
    """A key that already has another value than the wanted one."""

    step: Step
    change: KeyChange

    def __str__(self) -> str:
        where = f"{self.step.context}: {self.step.kind.word}/{self.step.name}"
        return f"{where}: '{self.change.key}' already has a value ({self.change.before})"


def changes_of(found: Object, intent: Intent) -> tuple[KeyChange, ...]:
    """What of the intent is not yet so on an object."""
    changes = []
    for key, wanted in intent.values.items():
        section = BY_NAME[key].section
        metadata = found.metadata
        before = metadata.label(key) if section is Section.LABEL else metadata.annotation(key)
        if before != wanted:
            changes.append(KeyChange(section, key, before, wanted))
    return tuple(changes)


def modernised(found: Object, intent: Intent, *, overwrite: bool) -> Intent:
    """The intent for an object that may carry the older scope ``global-only``, which is global with takeover (R5).

    Such an object is global already, and is left alone. With ``overwrite`` it gets the newer spelling, which takes a
    label of its own for the takeover.
    """
    values = intent.values
    if found.metadata.label(SERVICE_SCOPE) != scope.GLOBAL_ONLY or values.get(SERVICE_SCOPE) != scope.GLOBAL:
        return intent
    if overwrite:
        return Intent({SERVICE_TAKEOVER: TAKEOVER_ON, **values})
    if values.get(SERVICE_TAKEOVER, TAKEOVER_ON) is None:
        return intent  # taking the takeover away is more than another spelling
    return Intent({key: value for key, value in values.items() if key not in (SERVICE_SCOPE, SERVICE_TAKEOVER)})


def step_for(context: str, kind: Kind, found: Object, intent: Intent, *, overwrite: bool = False) -> Step:
    """The step that brings one object to the intent, guarded by what was read."""
    metadata = found.metadata
    changes = changes_of(found, modernised(found, intent, overwrite=overwrite))
    return Step(context, kind, found.namespace, found.name, metadata.uid, metadata.resource_version, changes)


def service_steps(
    views: Sequence[ClusterView], keys: Sequence[ServiceKey], intent: Intent, *, overwrite: bool = False
) -> list[Step]:
    """One step for each cluster that has the Service, clusters in order within a service."""
    return [
        step_for(view.context, kinds.SERVICE, view.services[key], intent, overwrite=overwrite)
        for key in keys
        for view in views
        if key in view.services
    ]


def namespace_steps(
    views: Sequence[ClusterView], names: Sequence[str], intent: Intent, *, overwrite: bool = False
) -> list[Step]:
    """One step for each cluster that has the Namespace."""
    return [
        step_for(view.context, kinds.NAMESPACE, view.namespaces[name], intent, overwrite=overwrite)
        for name in names
        for view in views
        if name in view.namespaces
    ]


def clashes_of(steps: Sequence[Step]) -> list[Clash]:
    """Changes that would replace a value by another one; taking a key away is no clash."""
    return [
        Clash(step, change)
        for step in steps
        for change in step.changes
        if change.before is not None and change.after is not None
    ]
