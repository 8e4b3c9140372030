"""One authorized request for a resource, with everything that answering it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshglobal.sandbox.apiserver import bodies, problems
from meshglobal.sandbox.apiserver.answers import Writer
from meshglobal.sandbox.apiserver.negotiation import Form, form_of
from meshglobal.sandbox.apiserver.patching import default_manager, option_causes
from meshglobal.sandbox.apiserver.writes import Write

if TYPE_CHECKING:
    from meshglobal.sandbox.apiserver.exchange import Request
    from meshglobal.sandbox.apiserver.rbac import Authorizer, User
    from meshglobal.sandbox.apiserver.resources import Resource
    from meshglobal.sandbox.apiserver.routing import Route
    from meshglobal.sandbox.apiserver.state import State
    from meshglobal.sandbox.apiserver.store import Entry, Key

_VALIDATIONS = ("Ignore", "Warn", "Strict")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that names a resource, and who sent it."""

    state: State
    authorizer: Authorizer
    user: User
    request: Request
    route: Route
    resource: Resource
    warnings: list[str] = field(default_factory=list)
    """Texts of Warning headers, gathered on the way."""

    @property
    def namespace(self) -> str:
        """The namespace that objects of this call live in, empty for cluster-wide ones and for all namespaces."""
        return self.route.namespace if self.resource.namespaced else ""

    @property
    def key(self) -> Key:
        """The object that the path names."""
        return self.namespace, self.route.name

    @property
    def form(self) -> Form:
        """The form of the answer; raises ApiError (406)."""
        return form_of(self.request.header("accept"))

    @property
    def writer(self) -> Writer:
        """What writes the answer; raises ApiError (406)."""
        return Writer(self.state, self.resource, self.form, self.request.query.get("includeObject", ""))

    def found(self) -> Entry:
        """Return the object that the path names; raises ApiError (404)."""
        entry = self.state.store.get(self.resource.key, self.key)
        if entry is None:
            raise problems.not_found(self.resource.plural, self.resource.group, self.route.name)
        return entry

    def write(self, *, is_patch: bool = False, is_apply: bool = False) -> Write:
        """Return how this call writes; raises ApiError (422) for options that mean nothing."""
        query = self.request.query
        dry_run, validation = query.get("dryRun", ""), query.get("fieldValidation", "") or "Warn"
        causes = []
        if dry_run not in ("", "All"):
            text = f'Unsupported value: ["{dry_run}"]: supported values: "All"'
            causes.append(problems.Cause("FieldValueNotSupported", "dryRun", text))
        if validation not in _VALIDATIONS:
            text = f'Unsupported value: "{validation}": supported values: "", "Ignore", "Strict", "Warn"'
            causes.append(problems.Cause("FieldValueNotSupported", "fieldValidation", text))
        causes += option_causes(query, is_patch=is_patch, is_apply=is_apply)
        has_object = self.request.method in ("POST", "PUT")
        if causes:
            raise problems.invalid(self._options_kind(), "meta.k8s.io", "", causes)
        return Write(
            manager=query.get("fieldManager") or default_manager(self.request.header("user-agent")),
            subresource=self.route.subresource,
            is_dry_run=dry_run == "All",
            is_patch=is_patch,
            is_apply=is_apply,
            validation=validation,
            duplicates=bodies.duplicates(self.request) if has_object and validation != "Ignore" else [],
            warnings=self.warnings,
            user=self.user.name,
        )

    def _options_kind(self) -> str:
        return {"POST": "CreateOptions", "PATCH": "PatchOptions", "DELETE": "DeleteOptions"}.get(
            self.request.method, "UpdateOptions"
        )
