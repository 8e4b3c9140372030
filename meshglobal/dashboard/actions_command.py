"""The commands that do in a shell what a plan does, to be copied. Pure.

`meshglobal` where it comes to exactly the same steps, else `kubectl`, a line an object.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshglobal.app.exposing import Plan, steps_of
from meshglobal.app.picture import MeshSettings
from meshglobal.dashboard.actions_documents import UNSET, PlanAsked
from meshglobal.domain import scope
from meshglobal.domain.exposure import WRITABLE_SCOPES
from meshglobal.domain.labels import SERVICE_SCOPE, TRAFFIC_DISTRIBUTION, Section
from meshglobal.domain.plan import Step
from meshglobal.domain.planning import Intent

_VERBS = {Section.LABEL: "label", Section.ANNOTATION: "annotate"}


def command_of(plan: Plan, asked: PlanAsked, contexts: Sequence[str]) -> str:
    """A command a line; ``contexts`` are all that there are, for a plan that may write anywhere."""
    chosen = [one for one in contexts if plan.order.concerns(one)]
    if asked.action == "unexpose":
        return _meshglobal(plan, asked, chosen, *_flag("--opt-out", asked.opt_out), *_flag("--purge", asked.purge))
    if asked.action == "expose":
        return _expose(plan, asked, chosen, asked.scope or scope.GLOBAL)
    if (same := _scope_of_the_same(plan, asked)) is not None:
        return _expose(plan, asked, chosen, same)
    return "\n".join(line for step in plan.changes for line in _kubectl(step))


def _scope_of_the_same(plan: Plan, asked: PlanAsked) -> str | None:
    """The scope with which `expose` would do just this; None: with none."""
    if asked.distribution == UNSET or plan.order.request.targets is None:
        return None
    views = [view for view in plan.picture.views if plan.order.concerns(view.context)]
    for wanted in WRITABLE_SCOPES:
        order = replace(plan.order, intent=Intent({SERVICE_SCOPE: wanted, **plan.order.intent.values}))
        if tuple(steps_of(views, plan.order.request.targets.names, order)) == plan.steps:
            return wanted
    return None


def _expose(plan: Plan, asked: PlanAsked, contexts: Sequence[str], wanted: str) -> str:
    more = [] if wanted == scope.GLOBAL else ["--scope", wanted]
    if asked.takeover is not None:
        more.append("--takeover" if asked.takeover else "--no-takeover")
    if (mode := plan.order.intent.values.get(TRAFFIC_DISTRIBUTION)) is not None:
        more += ["--traffic-distribution", mode]
    return _meshglobal(replace(plan, order=replace(plan.order, command="expose")), asked, contexts, *more)


def _meshglobal(plan: Plan, asked: PlanAsked, contexts: Sequence[str], *more: str) -> str:
    names = plan.order.request.targets.names if plan.order.request.targets is not None else ()
    words = ["meshglobal", plan.order.command, asked.kind, *names, *more, *_flag("--overwrite", asked.overwrite)]
    if plan.order.request.namespace is not None:
        words += ["-n", plan.order.request.namespace]
    return shlex.join([*words, *_mesh(plan.picture.mesh), "--context", ",".join(contexts)])


def _mesh(mesh: MeshSettings) -> Iterator[str]:
    usual = MeshSettings()
    if mesh.istio_namespace != usual.istio_namespace:
        yield from ("--istio-namespace", mesh.istio_namespace)
    if mesh.visibility is not usual.visibility:
        yield from ("--segment-visibility", mesh.visibility.value)


def _kubectl(step: Step) -> Iterator[str]:
    place = ["-n", step.namespace] if step.namespace else []
    for section in Section:
        changes = [change for change in step.changes if change.section is section]
        if not changes:
            continue
        keys = [f"{one.key}-" if one.after is None else f"{one.key}={one.after}" for one in changes]
        is_replaced = any(one.before is not None and one.after is not None for one in changes)
        verb = [_VERBS[section], step.kind.word, step.name, *keys, *_flag("--overwrite", is_replaced)]
        yield shlex.join(["kubectl", "--context", step.context, *place, *verb])


def _flag(option: str, is_set: bool) -> list[str]:  # noqa: FBT001 - the value of the option
    return [option] if is_set else []
