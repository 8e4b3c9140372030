"""What the API server refuses, as one exception that knows its Status object.

Everything in this package raises `ApiError`; `api.py` turns it into the answer. The constructors below carry the
texts of the real API server, so that clients which read messages see what they know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from meshglobal.sandbox.apiserver.objects import JSON


@dataclass(frozen=True, slots=True)
class Cause:
    """One entry of a Status' details.causes: reason (FieldValueInvalid, ...), field path, message."""

    reason: str
    field: str
    message: str

    def as_json(self) -> JSON:
        """Return the cause as it stands in a Status."""
        shown = {"reason": self.reason, "message": self.message, "field": self.field}
        return {key: value for key, value in shown.items() if value}


class ApiError(Exception):
    """A refused request: HTTP status, reason, message, and the details of its Status."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        details: JSON | None = None,
        causes: Sequence[Cause] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.details = dict(details or {})
        self.causes = tuple(causes)
        self.retry_after = retry_after
        self.list_metadata: JSON = {}
        """metadata of the Status; an expired list puts its fresh continue token here."""

    def as_status(self) -> JSON:
        """Return the v1 Status object of this refusal."""
        details: JSON = dict(self.details)
        if self.causes:
            details["causes"] = [cause.as_json() for cause in self.causes]
        if self.retry_after is not None:
            details["retryAfterSeconds"] = self.retry_after
        status: dict[str, Any] = {"kind": "Status", "apiVersion": "v1", "metadata": self.list_metadata}
        status |= {"status": "Failure", "message": self.message}
        if self.reason:
            status["reason"] = self.reason
        if details:
            status["details"] = details
        return status | {"code": self.status}


def qualified(plural: str, group: str) -> str:
    """Return a resource as messages name it: `services`, `deployments.apps`."""
    return f"{plural}.{group}" if group else plural


def _details(group: str, kind: str, name: str = "") -> JSON:
    """Return Status details; `kind` is the plural or the kind, as the real server has it for that reason."""
    shown = {"name": name, "group": group, "kind": kind}
    return {key: value for key, value in shown.items() if value}


def not_found(plural: str, group: str, name: str) -> ApiError:
    """Say that an object does not exist (404)."""
    message = f'{qualified(plural, group)} "{name}" not found'
    return ApiError(404, "NotFound", message, details=_details(group, plural, name))


def no_such_path() -> ApiError:
    """Say that a path is served by nobody (404), as a Status."""
    return ApiError(404, "NotFound", "the server could not find the requested resource")


def already_exists(plural: str, group: str, name: str) -> ApiError:
    """Say that a name is taken (409)."""
    message = f'{qualified(plural, group)} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, details=_details(group, plural, name))


def conflict(plural: str, group: str, name: str, why: str = "") -> ApiError:
    """Say that the object is not as the writer believes (409)."""
    text = why or "the object has been modified; please apply your changes to the latest version and try again"
    message = f'Operation cannot be fulfilled on {qualified(plural, group)} "{name}": {text}'
    return ApiError(409, "Conflict", message, details=_details(group, plural, name))


def invalid(kind: str, group: str, name: str, causes: Iterable[Cause]) -> ApiError:
    """Refuse an object (422) with one cause a field."""
    all_causes = tuple(causes)
    # The real server joins message parts as `field: message` and brackets more than one.
    parts = list(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in all_causes))
    text = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    message = f'{qualified(kind, group)} "{name}" is invalid: {text}'
    return ApiError(422, "Invalid", message, details=_details(group, kind, name), causes=all_causes)


def bad_request(message: str) -> ApiError:
    """Say that the request itself makes no sense (400)."""
    return ApiError(400, "BadRequest", message)


def forbidden(plural: str, group: str, name: str, why: str) -> ApiError:
    """Say that this user, or the state of the cluster, does not allow it (403)."""
    shown = f' "{name}"' if name else ""
    message = f"{qualified(plural, group)}{shown} is forbidden: {why}"
    return ApiError(403, "Forbidden", message, details=_details(group, plural, name))


def method_not_allowed() -> ApiError:
    """Say that this path does not take this method (405)."""
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")


def unauthorized() -> ApiError:
    """Say that the credentials are not known (401)."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def expired(message: str) -> ApiError:
    """Say that an old version is no longer known (410)."""
    return ApiError(410, "Expired", message)


def from_the_future(wanted: int, current: int) -> ApiError:
    """Say that a version has not been reached yet (504, retry after a second)."""
    message = f"Timeout: Too large resource version: {wanted}, current: {current}"
    cause = Cause("ResourceVersionTooLarge", "", "Too large resource version")
    return ApiError(504, "Timeout", message, causes=[cause], retry_after=1)
