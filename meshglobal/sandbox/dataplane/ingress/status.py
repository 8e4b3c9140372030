"""What Gateways and HTTPRoutes say of themselves once they work, or why they do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from meshglobal.domain.labels import LISTENS_AT
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.state import utc_now
from meshglobal.sandbox.controllers.conditions import merged
from meshglobal.sandbox.dataplane.ingress.attaching import Attachment
from meshglobal.sandbox.dataplane.ingress.in_mesh import Hanging
from meshglobal.sandbox.dataplane.ingress.observed import GATEWAY_GROUP, JSON, Gateway, Listener
from meshglobal.sandbox.dataplane.ingress.plan import Plan, RouteVerdict, is_carried, listener_name

CONTROLLER = "istio.io/gateway-controller"
"""Who speaks of routes that hang on generated entries."""
GATEWAYS, ROUTES = f"gateways.{GATEWAY_GROUP}", f"httproutes.{GATEWAY_GROUP}"
_LOOPBACK = "127.0.0.1"


def write_statuses(client: LocalClient, plan: Plan, rejection: str = "") -> None:
    """Write what has changed; an object that somebody changed in between comes again by its own event.

    `rejection` is what Envoy says of listeners that it does not take, by their names; empty where it takes all.
    """
    now = utc_now()
    for gateway in plan.gateways:
        status = _gateway_status(gateway, plan, rejection)
        _write(client, GATEWAYS, gateway.key, _gateway_annotations(gateway, plan), status, now)
    for verdict in plan.routes:
        _write(client, ROUTES, verdict.route.key, {}, {"parents": _parents(verdict, plan)}, now)


def _write(
    client: LocalClient, resource: str, key: tuple[str, str], annotations: JSON, status: JSON, now: dt.datetime
) -> None:
    obj = client.get(resource, *key)
    if obj is None:
        return
    try:
        before = obj["metadata"].get("annotations") or {}
        if before | annotations != before:
            obj = client.replace(resource, obj | {"metadata": obj["metadata"] | {"annotations": before | annotations}})
        timed = _timed(obj.get("status") or {}, status, now)
        if timed != obj.get("status"):
            client.replace(resource, obj | {"status": timed}, "status")
    except ApiError:
        return  # it is gone, or of another shape by now; its event brings us here again


def _timed(before: JSON, status: JSON, now: dt.datetime) -> JSON:
    """The status with the times of its conditions; those of parents and listeners by their place."""
    found = dict(status)
    if "conditions" in status:
        found["conditions"] = [merged(before.get("conditions"), each, now) for each in status["conditions"]]
    for part in ("listeners", "parents"):
        old: Sequence[JSON] = before.get(part) or ()
        if part in status:
            found[part] = [_timed(old[at] if at < len(old) else {}, each, now) for at, each in enumerate(status[part])]
    return found


def _condition(kind: str, generation: int, *, is_true: bool = True, reason: str = "", message: str = "") -> JSON:
    said = {"type": kind, "status": str(is_true), "reason": reason or kind, "message": message}
    return said | {"observedGeneration": generation}


def _gateway_annotations(gateway: Gateway, plan: Plan) -> JSON:
    ports = plan.ports.get(gateway.key, {})
    return {LISTENS_AT: ",".join(f"{name}={_LOOPBACK}:{port}" for name, port in ports.items())}


def _gateway_status(gateway: Gateway, plan: Plan, rejection: str) -> JSON:
    generation = gateway.generation
    troubles = {each.name: _trouble(gateway, each, rejection) for each in gateway.listeners}
    works = not all(troubles.values())
    programmed = (
        _condition("Programmed", generation, message=f"Resource programmed, assigned to the address {_LOOPBACK}")
        if works
        else _condition(
            "Programmed",
            generation,
            is_true=False,
            reason="Invalid",
            message="; ".join(troubles.values()) or "no listener",
        )
    )
    return {
        "addresses": [{"type": "IPAddress", "value": _LOOPBACK}] if works else [],
        "conditions": [_condition("Accepted", generation, message="Resource accepted"), programmed],
        "listeners": [_listener(gateway, each, plan, troubles[each.name]) for each in gateway.listeners],
    }


def _trouble(gateway: Gateway, each: Listener, rejection: str) -> str:
    """Why a listener does not work; empty where it does."""
    if not is_carried(each):
        return f"the sandbox carries HTTP, not {each.protocol}"
    named = f"{listener_name(gateway, each)}: "
    return rejection.partition(named)[2].partition("\n")[0] if named in rejection else ""


def _listener(gateway: Gateway, each: Listener, plan: Plan, trouble: str) -> JSON:
    generation, is_carriable = gateway.generation, is_carried(each)
    accepted = _condition(
        "Accepted",
        generation,
        is_true=is_carriable,
        reason="" if is_carriable else "UnsupportedProtocol",
        message="No errors found" if is_carriable else trouble,
    )
    programmed = _condition(
        "Programmed", generation, is_true=not trouble, reason="Invalid" if trouble else "", message=trouble
    )
    return {
        "name": each.name,
        "attachedRoutes": plan.attached(gateway, each.name),
        "supportedKinds": [{"group": GATEWAY_GROUP, "kind": "HTTPRoute"}],
        "conditions": [
            accepted,
            programmed,
            _condition("ResolvedRefs", generation, message="No errors found"),
            _condition("Conflicted", generation, is_true=False, reason="NoConflicts", message="No errors found"),
        ],
    }


def _parents(verdict: RouteVerdict, plan: Plan) -> list[JSON]:
    """What each parent's controller says; entries are the mesh's own."""
    return [
        *(_parent(each, verdict, plan.controllers[each.gateway]) for each in verdict.attachments),
        *(_parent(each, verdict, CONTROLLER) for each in verdict.hangings),
    ]


def _parent(reference: Attachment | Hanging, verdict: RouteVerdict, controller: str) -> JSON:
    generation, problem = verdict.route.generation, verdict.problem
    resolved = (
        _condition("ResolvedRefs", generation, message="All references resolved")
        if problem is None
        else _condition("ResolvedRefs", generation, is_true=False, reason=problem.reason, message=problem.message)
    )
    accepted = _condition(
        "Accepted",
        generation,
        is_true=bool(reference.found),
        reason=reference.reason,
        message=reference.message,
    )
    return {"parentRef": reference.parent, "controllerName": controller, "conditions": [accepted, resolved]}
