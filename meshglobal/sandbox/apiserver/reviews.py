"""Objects that are questions: may I do this, what may I do, who am I. They are answered, not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, intake, problems
from meshglobal.sandbox.apiserver.answers import document
from meshglobal.sandbox.apiserver.objects import JSON, timestamp
from meshglobal.sandbox.apiserver.rbac import User, Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meshglobal.sandbox.apiserver.call import Call
    from meshglobal.sandbox.apiserver.exchange import Response

_RULE_FIELDS = ("verbs", "apiGroups", "resources", "resourceNames")


def answer(call: Call) -> Response:
    """Answer a POST of a review; raises ApiError (400, 422)."""
    given = bodies.decode(call.request, call.resource.kind)
    typed = bodies.check_type(call.state.catalogue, call.resource, given, call.request.body)
    review = intake.taken_in(call.resource, typed, is_patch=False)
    return document(_ANSWERS[call.resource.plural](call, review), call.form, 201)


def is_review(plural: str) -> bool:
    """Say whether a resource is a question."""
    return plural in _ANSWERS


def _access(call: Call, review: JSON) -> JSON:
    return _judged(call, review, call.user)


def _access_of_another(call: Call, review: JSON) -> JSON:
    spec = review.get("spec") or {}
    return _judged(call, review, User(spec.get("user", ""), tuple(spec.get("groups") or ())))


def _judged(call: Call, review: JSON, user: User) -> JSON:
    spec = review.get("spec") or {}
    wanted, path = spec.get("resourceAttributes"), spec.get("nonResourceAttributes")
    if wanted is not None and path is None:
        is_allowed = call.authorizer.allows(user, _wish(wanted))
    elif path is not None and wanted is None:
        is_allowed = call.authorizer.allows_path(user, path.get("verb", ""), path.get("path", ""))
    else:
        text = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        cause = problems.Cause("FieldValueInvalid", "spec.resourceAttributes", f"Invalid value: null: {text}")
        raise problems.invalid("", call.resource.group, "", [cause])
    return _typed(call) | {"metadata": {}, "spec": spec, "status": {"allowed": is_allowed}}


def _wish(attributes: JSON) -> Wish:
    return Wish(
        verb=attributes.get("verb", ""),
        group=attributes.get("group", ""),
        resource=attributes.get("resource", ""),
        subresource=attributes.get("subresource", ""),
        namespace=attributes.get("namespace", ""),
        name=attributes.get("name", ""),
    )


def _rules(call: Call, review: JSON) -> JSON:
    namespace = (review.get("spec") or {}).get("namespace", "")
    if not namespace:
        raise problems.bad_request("no namespace on request")
    rules = list(call.authorizer.rules_of(call.user, namespace))
    resources = [{key: rule[key] for key in _RULE_FIELDS if key in rule} for rule in rules if "resources" in rule]
    paths = [
        {"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]}
        for rule in rules
        if "nonResourceURLs" in rule
    ]
    status = {"resourceRules": resources, "nonResourceRules": paths, "incomplete": False}
    return _typed(call) | {"metadata": {}, "spec": {}, "status": status}


def _self(call: Call, _review: JSON) -> JSON:
    user = call.user
    info: JSON = {"username": user.name} | ({"uid": user.uid} if user.uid else {}) | {"groups": list(user.groups)}
    meta = {"creationTimestamp": timestamp(call.state.now())}
    return _typed(call) | {"metadata": meta, "status": {"userInfo": info}}


def _typed(call: Call) -> JSON:
    return {"kind": call.resource.kind, "apiVersion": call.resource.group_version}


_ANSWERS: Mapping[str, Callable[[Call, JSON], JSON]] = {
    "selfsubjectaccessreviews": _access,
    "localsubjectaccessreviews": _access_of_another,
    "subjectaccessreviews": _access_of_another,
    "selfsubjectrulesreviews": _rules,
    "selfsubjectreviews": _self,
}
