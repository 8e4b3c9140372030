"""What the user named: services or namespaces, as ``svc NAME``, ``svc/NAME``, ``ns NAME`` or ``ns/NAME``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meshglobal.domain import kinds
from meshglobal.domain.errors import UsageError
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import GENERATED_PREFIX, generated_for, is_dns_label

_WORDS: dict[str, Kind] = {
    "svc": kinds.SERVICE,
    "service": kinds.SERVICE,
    "services": kinds.SERVICE,
    "ns": kinds.NAMESPACE,
    "namespace": kinds.NAMESPACE,
    "namespaces": kinds.NAMESPACE,
}


@dataclass(frozen=True, slots=True)
class Targets:
    """Names of one kind; no name at all stands for "all that the selector matches"."""

    kind: Kind
    names: tuple[str, ...]


def parse_targets(words: Sequence[str], *, needs_names: bool = True) -> Targets | None:
    """Read the positional arguments of a command; None when there are none and none are needed.

    Raises:
        UsageError: an unknown kind, two kinds at once, a name that can be none, or no name where one is needed.
    """
    if not words:
        if needs_names:
            raise UsageError("name what to act on: svc NAME, svc/NAME, ns NAME or ns/NAME")
        return None
    if "/" in words[0]:
        pairs = [_pair(word) for word in words]
        kind = pairs[0][0]
        if any(other is not kind for other, _ in pairs):
            raise UsageError("services and namespaces cannot be named in one command")
        names = [name for _, name in pairs]
    else:
        kind = _kind(words[0])
        names = list(words[1:])
        if mixed := next((name for name in names if "/" in name), None):
            raise UsageError(f"{mixed!r}: every argument has the form KIND/NAME or none has")
    if needs_names and not names:
        raise UsageError(f"name at least one {kind.name.lower()}, or select some with -l")
    return Targets(kind, tuple(dict.fromkeys(_checked(kind, name) for name in names)))


def _kind(word: str) -> Kind:
    kind = _WORDS.get(word.lower())
    if kind is None:
        raise UsageError(f"{word!r} is no kind that can be exposed: use svc or ns (svc NAME, svc/NAME, ns NAME)")
    return kind


def _pair(word: str) -> tuple[Kind, str]:
    kind, slash, name = word.partition("/")
    if not slash:
        raise UsageError(f"{word!r}: with KIND/NAME every argument has the form KIND/NAME")
    return _kind(kind), name


def _checked(kind: Kind, name: str) -> str:
    if name.startswith(GENERATED_PREFIX):
        key = generated_for(name)
        source = f"; its Service is svc/{key.name} in namespace {key.namespace}" if key is not None else ""
        raise UsageError(f"{name} is an entry that the control plane generated: it cannot be exposed itself{source}")
    if not is_dns_label(name):
        raise UsageError(
            f"{name!r} cannot be the name of a {kind.name}: lower-case letters, digits and '-', at most 63 characters"
        )
    return name
