"""The API of one cluster: one request in, one answer out. Knows nothing of HTTP libraries.

authenticate -> route -> impersonate -> authorize -> is it served -> does it take this method -> answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import (
    auth,
    crud,
    discovery,
    forwarding,
    logs,
    pods,
    problems,
    reviews,
    routing,
    scale,
    streaming,
)
from meshglobal.sandbox.apiserver.auth import Accounts
from meshglobal.sandbox.apiserver.call import Call
from meshglobal.sandbox.apiserver.exchange import Answer, Request, Response
from meshglobal.sandbox.apiserver.problems import ApiError
from meshglobal.sandbox.apiserver.rbac import Authorizer, User, Wish
from meshglobal.sandbox.apiserver.selectors import selected_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.routing import Route
    from meshglobal.sandbox.apiserver.state import State

_ON_ONE = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_ON_MANY = {"GET": "list", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "deletecollection"}
_HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "get": crud.get,
    "list": crud.list_or_watch,
    "watch": crud.list_or_watch,
    "create": crud.create,
    "update": crud.update,
    "patch": crud.patch,
    "delete": crud.delete,
    "deletecollection": crud.delete_collection,
}
_SUBRESOURCES: Mapping[str, Callable[[Call], Answer]] = {
    "scale": scale.answer,
    "log": logs.log,
    "exec": streaming.execute,
    "attach": streaming.attach,
    "portforward": forwarding.forward,
    "proxy": pods.proxy,
    "eviction": pods.evict,
}


@dataclass(slots=True)
class Api:
    """Answers requests to one cluster."""

    state: State
    accounts: Accounts = field(default_factory=Accounts)
    authorizer: Authorizer = field(init=False)

    def __post_init__(self) -> None:
        self.authorizer = Authorizer(self.state.store)

    def handle(self, request: Request) -> Answer:
        """Answer a request; a refusal is an answer too."""
        warnings: list[str] = []
        try:
            answer = self._answer(request, warnings)
        except ApiError as refusal:
            answer = _refused(refusal)
        answer.headers.extend(("Warning", f"299 - {json.dumps(text, ensure_ascii=False)}") for text in warnings)
        return answer

    def _answer(self, request: Request, warnings: list[str]) -> Answer:
        user = self.accounts.who(request.header("authorization"))
        route = routing.parse(request.path)
        wish = _wish(request, route) if route else None
        user = auth.impersonated(self.authorizer, user, request, wish)
        if route is None or wish is None:
            return self._answer_path(request, user)
        if not self.authorizer.allows(user, wish):
            raise auth.refusal(user, wish)
        resource = self.state.catalogue.find(route.group, route.version, route.plural)
        if resource is None:
            return discovery.not_served(self.state.catalogue, route.group)
        if resource.deprecation:
            warnings.append(resource.deprecation)
        call = Call(self.state, self.authorizer, user, request, route, resource, warnings)
        return _dispatch(call, wish.verb)

    def _answer_path(self, request: Request, user: User) -> Response:
        verb = request.method.lower()
        if not self.authorizer.allows_path(user, verb, request.path):
            raise auth.refused_path(user, verb, request.path)
        return discovery.answer(self.state.catalogue, request)


def _refused(refusal: ApiError) -> Response:
    headers = [("Retry-After", str(refusal.retry_after))] if refusal.retry_after is not None else []
    return Response(refusal.status, json.dumps(refusal.as_status()).encode(), headers=headers)


def _wish(request: Request, route: Route) -> Wish:
    """Return what a request for a resource wants to do."""
    verbs = _ON_ONE if route.name else _ON_MANY
    verb = verbs.get("GET" if request.method == "HEAD" else request.method, request.method.lower())
    is_watch = request.query.get("watch", "0").lower() not in ("0", "false")
    if route.is_watch or (verb == "list" and is_watch):
        verb = "watch"
    name = route.name or (selected_name(request.query.get("fieldSelector", "")) if verb in ("list", "watch") else "")
    return Wish(verb, route.group, route.plural, route.subresource, route.namespace, name)


def _dispatch(call: Call, verb: str) -> Answer:
    if call.route.subresource:
        return _subresource(call, verb)
    _check_method(call.resource, call.route, verb)
    if reviews.is_review(call.resource.plural):
        return reviews.answer(call)
    return _HANDLERS[verb](call)


def _check_method(resource: Resource, route: Route, verb: str) -> None:
    """Refuse a verb that this path does not take (405), or that needs a name (400 for custom resources)."""
    if resource.is_custom and not route.name and verb in ("update", "patch"):
        raise problems.bad_request("name must be provided")
    takes_place = not resource.namespaced or bool(route.namespace) or verb in ("list", "watch")
    takes_name = bool(route.name) == (verb in ("get", "update", "patch", "delete")) or verb == "watch"
    if verb == "create" and route.name:
        takes_name = resource.is_custom
    if verb not in resource.verbs or not takes_place or not takes_name:
        raise problems.method_not_allowed()


def _subresource(call: Call, verb: str) -> Answer:
    part = call.resource.subresource(call.route.subresource)
    if part is None:
        raise problems.no_such_path()
    if verb not in part.verbs:
        raise problems.method_not_allowed()
    return _SUBRESOURCES.get(part.name, _HANDLERS[verb])(call)
