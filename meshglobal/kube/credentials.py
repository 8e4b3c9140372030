"""Whom a context acts as: the kubeconfig's user with plugins run and token files read, plus impersonation.

The result goes into the official loader's dict, which then finds nothing left to run or to read on its own.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meshglobal.domain.failure import Cause
from meshglobal.kube.exec_plugins import ExecPlugins, Issued, PluginError
from meshglobal.kube.expiry import certificate_expiry, token_expiry
from meshglobal.kube.failing import ClusterError

_OURS = ("exec", "tokenFile", "as", "as-uid", "as-groups", "as-user-extra")
Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Impersonation:
    """``--as`` and ``--as-group``; they replace what the kubeconfig says."""

    user: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A context's credentials of this moment.

    Attributes:
        user: the ``user`` of the loader's dict.
        headers: impersonation.
        generation: of the exec plugin that gave them; 0 when none did.
    """

    user: Mapping[str, Any]
    headers: tuple[Header, ...] = ()
    generation: int = 0

    @property
    def has_any(self) -> bool:
        """Whether there is something to show to the server at all."""
        keys = ("token", "username", "auth-provider", "client-certificate", "client-certificate-data")
        return any(self.user.get(key) for key in keys)

    def expired_since(self) -> datetime | None:
        """When the token or the client certificate expired; None when it did not or does not tell."""
        now = datetime.now(UTC)
        return next((end for end in self._ends() if end is not None and end < now), None)

    def certificate_end(self) -> datetime | None:
        """When the kubeconfig's own client certificate ends; None where something else is shown, or renews it."""
        others = ("token", "username", "auth-provider")
        if self.generation or any(self.user.get(key) for key in others):
            return None
        return next(self._certificate_ends(), None)

    def _ends(self) -> Iterator[datetime | None]:
        yield token_expiry(str(self.user.get("token", "")))
        yield from self._certificate_ends()

    def _certificate_ends(self) -> Iterator[datetime | None]:
        try:
            if data := self.user.get("client-certificate-data"):
                yield certificate_expiry(base64.b64decode(data).decode("ascii", "replace"))
            elif path := self.user.get("client-certificate"):
                yield certificate_expiry(Path(path).read_text(encoding="ascii", errors="replace"))
        except (OSError, binascii.Error):
            yield None  # the loader has said already that it cannot be read


def identify(
    context: str,
    user: Mapping[str, Any],
    cluster: Mapping[str, Any],
    plugins: ExecPlugins,
    impersonation: Impersonation,
    previous: Identity | None = None,
) -> Identity:
    """Settle the credentials of a context; with ``previous``, which the server refused, get new ones if possible.

    Raises:
        ClusterError: the plugin failed, or the token file cannot be read.
    """
    settled = {key: value for key, value in user.items() if key not in _OURS and value not in ("", None)}
    generation = 0
    if path := user.get("tokenFile"):
        settled["token"] = _token_in(Path(path), context)
    elif "exec" in user and not settled.get("token") and "auth-provider" not in settled:
        issued = _issue(context, user["exec"], cluster, plugins, previous)
        settled |= issued.user
        generation = issued.generation
    return Identity(settled, tuple(_impersonation_headers(user, impersonation)), generation)


def _token_in(path: Path, context: str) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()  # files end with a newline, headers must not
    except (OSError, UnicodeDecodeError) as error:
        raise ClusterError(Cause.CREDENTIALS_MISSING, f"tokenFile {path} cannot be read", context) from error
    if not token:
        raise ClusterError(Cause.CREDENTIALS_MISSING, f"tokenFile {path} is empty", context)
    return token


def _issue(
    context: str, stanza: Any, cluster: Mapping[str, Any], plugins: ExecPlugins, previous: Identity | None
) -> Issued:
    if not isinstance(stanza, dict):
        raise ClusterError(Cause.KUBECONFIG, "exec of the user must be a mapping", context)
    try:
        return plugins.credentials(stanza, cluster, newer_than=previous.generation if previous else 0)
    except PluginError as error:
        raise ClusterError(Cause.CREDENTIALS_PLUGIN, str(error), context) from error


def _impersonation_headers(user: Mapping[str, Any], asked: Impersonation) -> Iterator[Header]:
    name = asked.user or user.get("as") or ""
    if not name:
        return
    yield "Impersonate-User", str(name)
    if asked.user:
        yield from (("Impersonate-Group", group) for group in asked.groups)
        return
    yield from (("Impersonate-Group", str(group)) for group in asked.groups or user.get("as-groups") or ())
    if uid := user.get("as-uid"):
        yield "Impersonate-Uid", str(uid)
    for key, values in (user.get("as-user-extra") or {}).items():
        yield from ((f"Impersonate-Extra-{key}", str(value)) for value in values)
