from __future__ import annotations

from typing import Any

import pytest

from meshglobal.sandbox.apiserver.api import Api
from meshglobal.sandbox.apiserver.exchange import Request, Response
from meshglobal.sandbox.apiserver.local import LocalClient
from meshglobal.sandbox.apiserver.rbac import Authorizer, User, Wish
from meshglobal.sandbox.apiserver.state import State

_JANE = User("jane", ("team", "system:authenticated"))
_RBAC = "rbac.authorization.k8s.io"


@pytest.fixture
def client() -> LocalClient:
    local = LocalClient(State("rights"))
    local.create("namespaces", {"metadata": {"name": "n"}})
    return local


@pytest.fixture
def authorizer(client: LocalClient) -> Authorizer:
    return Authorizer(client._state.store)


def _wish(verb: str = "get", resource: str = "services", **more: str) -> Wish:
    return Wish(verb, more.pop("group", ""), resource, **more)


@pytest.mark.parametrize(
    ("rule", "wish", "expected"),
    [
        ({"apiGroups": [""], "resources": ["services"], "verbs": ["get"]}, _wish(), True),
        ({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, _wish("delete", group="apps"), True),
        ({"apiGroups": [""], "resources": ["services"], "verbs": ["get"]}, _wish(subresource="status"), False),
        ({"apiGroups": [""], "resources": ["services/status"], "verbs": ["get"]}, _wish(subresource="status"), True),
        ({"apiGroups": [""], "resources": ["*/status"], "verbs": ["get"]}, _wish(subresource="status"), True),
        ({"apiGroups": ["apps"], "resources": ["services"], "verbs": ["get"]}, _wish(), False),
        ({"apiGroups": [""], "resources": ["services"], "verbs": ["get"], "resourceNames": ["a"]}, _wish(), False),
        (
            {"apiGroups": [""], "resources": ["services"], "verbs": ["get"], "resourceNames": ["a"]},
            _wish(name="a"),
            True,
        ),
        ({"nonResourceURLs": ["*"], "verbs": ["*"]}, _wish(), False),
    ],
)
def test_a_rule_covers_what_it_names(
    authorizer: Authorizer, rule: dict[str, Any], wish: Wish, *, expected: bool
) -> None:
    authorizer.grant("jane", [rule])
    assert authorizer.allows(_JANE, wish) is expected


def test_rights_in_one_namespace_hold_in_no_other(authorizer: Authorizer) -> None:
    authorizer.grant("jane", [{"apiGroups": [""], "resources": ["services"], "verbs": ["get"]}], "n")
    assert authorizer.allows(_JANE, _wish(namespace="n"))
    assert not authorizer.allows(_JANE, _wish(namespace="m"))
    assert not authorizer.allows(_JANE, _wish())


@pytest.mark.parametrize(
    "subject", [{"kind": "User", "name": "jane"}, {"kind": "Group", "name": "team"}], ids=["a user", "a group"]
)
def test_a_binding_gives_the_rules_of_its_role_until_it_is_deleted(
    client: LocalClient, authorizer: Authorizer, subject: dict[str, str]
) -> None:
    rules = [{"apiGroups": [""], "resources": ["services"], "verbs": ["get"]}]
    client.create(f"roles.{_RBAC}", {"metadata": {"name": "r", "namespace": "n"}, "rules": rules})
    reference = {"apiGroup": _RBAC, "kind": "Role", "name": "r"}
    binding = {"metadata": {"name": "b", "namespace": "n"}, "roleRef": reference, "subjects": [subject]}
    client.create(f"rolebindings.{_RBAC}", binding)
    assert authorizer.allows(_JANE, _wish(namespace="n"))
    client.delete(f"rolebindings.{_RBAC}", "n", "b")
    assert not authorizer.allows(_JANE, _wish(namespace="n"))


def test_a_service_account_is_a_subject(client: LocalClient, authorizer: Authorizer) -> None:
    subject = {"kind": "ServiceAccount", "namespace": "n", "name": "sa"}
    reference = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "view"}
    client.create(
        f"clusterrolebindings.{_RBAC}", {"metadata": {"name": "b"}, "roleRef": reference, "subjects": [subject]}
    )
    assert authorizer.allows(User("system:serviceaccount:n:sa"), _wish("list"))
    assert not authorizer.allows(User("system:serviceaccount:n:other"), _wish("list"))


@pytest.mark.parametrize(
    ("user", "verb", "resource", "group", "expected"),
    [
        ("reader", "list", "services", "", True),
        ("reader", "list", "serviceentries", "networking.istio.io", True),
        ("reader", "list", "secrets", "", False),
        ("reader", "patch", "services", "", False),
        ("nobody", "list", "services", "", False),
        ("nobody", "create", "selfsubjectaccessreviews", "authorization.k8s.io", True),
    ],
)
def test_the_users_of_the_sandbox_may_do_what_they_are_for(
    authorizer: Authorizer, user: str, verb: str, resource: str, group: str, *, expected: bool
) -> None:
    assert authorizer.allows(User(user, ("system:authenticated",)), _wish(verb, resource, group=group)) is expected


def _status(api: Api, authorization: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = api.handle(Request("GET", "/api/v1/services", {}, {"authorization": authorization, **named}))
    assert isinstance(answer, Response)
    return answer.status


def test_an_unknown_token_is_unauthorized_and_none_is_anonymous() -> None:
    api = Api(State("rights"))
    assert _status(api, "Bearer nobody-has-this") == 401
    assert _status(api, "Basic YTpi") == 401
    assert _status(api, "") == 403


def test_only_who_may_impersonate_does() -> None:
    api = Api(State("rights"))
    tokens = api.accounts.tokens()
    assert _status(api, f"Bearer {tokens['admin']}", impersonate_user="reader") == 200
    assert _status(api, f"Bearer {tokens['admin']}", impersonate_user="nobody") == 403
    assert _status(api, f"Bearer {tokens['reader']}", impersonate_user="admin") == 403


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("metadata.name=a", 200),
        ("metadata.name==a,metadata.namespace=n", 200),
        ("metadata.name=b", 403),
        ("metadata.name!=a", 403),
        ("metadata.name=a,metadata.name=b", 403),
        ("metadata.namespace=a", 403),
        ("", 403),
    ],
)
def test_a_list_of_one_name_is_authorized_by_that_name(fields: str, status: int) -> None:
    api = Api(State("rights"))
    rule = {"apiGroups": [""], "resources": ["services"], "resourceNames": ["a"], "verbs": ["list"]}
    api.authorizer.grant("nobody", [rule])
    headers = {"authorization": f"Bearer {api.accounts.tokens()['nobody']}"}
    answer = api.handle(Request("GET", "/api/v1/services", {"fieldSelector": fields}, headers))
    assert isinstance(answer, Response)
    assert answer.status == status
