"""Who gets rights, and under which name, as it is written on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from meshglobal.domain.errors import UsageError
from meshglobal.domain.names import is_dns_label, is_dns_name

_KINDS = {"user": "User", "group": "Group", "serviceaccount": "ServiceAccount"}
_FORMS = "user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME"


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of a binding. ``kind`` as RBAC calls it; ``namespace`` is that of a ServiceAccount."""

    kind: str
    name: str
    namespace: str | None = None


def parse_subject(text: str) -> Subject:
    """Read one subject.

    Raises:
        UsageError: another form, or a name that no ServiceAccount can have.
    """
    word, _, name = text.partition(":")
    kind = _KINDS.get(word.lower())
    if kind is None or not name:
        raise UsageError(f"--subject {text!r}: write {_FORMS}")
    if kind != "ServiceAccount":
        return Subject(kind, name)
    namespace, _, own = name.partition("/")
    if not is_dns_label(namespace) or not is_dns_name(own):
        raise UsageError(f"--subject {text!r}: a ServiceAccount is written serviceaccount:NAMESPACE/NAME")
    return Subject(kind, own, namespace)


def checked_role_name(text: str) -> str:
    """A name that a role can have: any that can be a part of a URL's path.

    Raises:
        UsageError: another one.
    """
    if text in ("", ".", "..") or "/" in text or "%" in text:
        raise UsageError(f"--role-name {text!r}: a role's name is not empty, '.' or '..', and has neither '/' nor '%'")
    return text
