"""Who asks (bearer tokens, impersonation), and refusing what they may not do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import problems
from meshglobal.sandbox.apiserver.rbac import Authorizer, User, Wish, built_in_users

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.exchange import Request

ANONYMOUS = User("system:anonymous", ("system:unauthenticated",))
_AUTHENTICATED = "system:authenticated"


@dataclass(slots=True)
class Accounts:
    """The users of a cluster and their tokens. Tokens are random, and live as long as the cluster."""

    _by_token: dict[str, User] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for user in built_in_users():
            self.add(user)

    def add(self, user: User) -> str:
        """Admit a user and return the new token."""
        token = secrets.token_urlsafe(24)
        self._by_token[token] = user
        return token

    def tokens(self) -> dict[str, str]:
        """Return user name -> token."""
        return {user.name: token for token, user in self._by_token.items()}

    def who(self, authorization: str) -> User:
        """Return whom an Authorization header stands for; raises ApiError (401) for a token nobody has."""
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        user = self._by_token.get(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise problems.unauthorized()
        return user


def impersonated(authorizer: Authorizer, user: User, request: Request, wish: Wish | None) -> User:
    """Return the user that Impersonate-* headers name, or the asking user; raises ApiError (403)."""
    name = request.header("impersonate-user")
    if not name:
        return user
    if not authorizer.allows(user, Wish("impersonate", "", "users", name=name)):
        if wish is not None:
            raise refusal(user, wish, f"impersonate-on:user-info:{wish.verb}")
        raise refused_path(user, "impersonate", request.path)
    groups = [group.strip() for group in request.header("impersonate-group").split(",") if group.strip()]
    if name == ANONYMOUS.name:
        return User(name, (*groups, *ANONYMOUS.groups))
    return User(name, tuple(dict.fromkeys([*groups, _AUTHENTICATED])), request.header("impersonate-uid"))


def refusal(user: User, wish: Wish, verb: str = "") -> problems.ApiError:
    """Return the 403 that says what this user may not do."""
    where = f'in the namespace "{wish.namespace}"' if wish.namespace else "at the cluster scope"
    what = f'cannot {verb or wish.verb} resource "{wish.full_resource}" in API group "{wish.group}"'
    return problems.forbidden(wish.resource, wish.group, wish.name, f'User "{user.name}" {what} {where}')


def refused_path(user: User, verb: str, path: str) -> problems.ApiError:
    """Return the 403 for a path that is no resource."""
    message = f'forbidden: User "{user.name}" cannot {verb} path "{path}"'
    return problems.ApiError(403, "Forbidden", message)
