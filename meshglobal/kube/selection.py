"""Which contexts a run is about: what the user named, else what the surroundings say. Pure.

Patterns: an exact name, a glob (``prod-*``), a regular expression (``/^eu-/``, found anywhere in the name), and any of
these after ``!`` to leave contexts out. They may be repeated and comma-separated. An exact name beats what it could
mean as a pattern, because names such as ``arn:aws:eks:…:cluster/x`` are full of special characters.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count, takewhile

from meshglobal.domain.errors import UsageError

VARIABLE = "MESHGLOBAL_CONTEXTS"
_GLOB = re.compile(r"[*?\[]")
_ITEM = re.compile(r"\s*(!?/(?:[^/\\]|\\.)*/(?=\s*(?:,|$))|[^,]*)\s*(?:,|$)")


class Source(Enum):
    """Where a selection came from; the value finishes the sentence "contexts from …"."""

    FLAG = "--context"
    FILES = "--from"
    ALL = "--all-contexts"
    ENVIRONMENT = VARIABLE
    CONFIG_FILE = "the config file"
    NUMBERED = "REMOTE_CONTEXT1, REMOTE_CONTEXT2, …"
    CURRENT = "the kubeconfig's current-context"


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected contexts in order, each once, and why these."""

    contexts: tuple[str, ...]
    source: Source

    @property
    def is_default(self) -> bool:
        """Whether nobody chose: only the current context is looked at, which deserves a hint."""
        return self.source is Source.CURRENT

    @property
    def origin(self) -> str:
        """A sentence for people: how many contexts, and from where."""
        number = len(self.contexts)
        return f"{number} context{'s' * (number != 1)} from {self.source.value}"


def select(  # noqa: PLR0913 - what each of the places says that may name contexts
    available: Sequence[str],
    current: str | None,
    *,
    flags: Sequence[str] = (),
    use_all: bool = False,
    environment: Mapping[str, str] | None = None,
    configured: Sequence[str] = (),
    place: str = "the kubeconfig",
) -> Selection:
    """Choose contexts.

    Args:
        available: every context of the kubeconfig, in its order.
        current: the kubeconfig's current context.
        flags: the values of ``--context``.
        use_all: ``--all-contexts``.
        environment: the process environment.
        configured: the contexts of the config file.
        place: where the contexts are, for messages.

    Raises:
        UsageError: a pattern matches nothing, is no regular expression, or nothing is left.
    """
    if use_all and flags:
        raise UsageError("--all-contexts and --context exclude each other")
    if use_all:
        return _checked(tuple(available), Source.ALL)
    patterns, source = _wanted(available, current, flags, environment or {}, configured)
    if source in (Source.NUMBERED, Source.CURRENT):
        for name in patterns:
            _require_known(name, available, source, place)
        return _checked(tuple(dict.fromkeys(patterns)), source)
    return _checked(_matching(patterns, available, source, place), source)


def _wanted(
    available: Sequence[str],
    current: str | None,
    flags: Sequence[str],
    environment: Mapping[str, str],
    configured: Sequence[str],
) -> tuple[list[str], Source]:
    numbered = (environment.get(f"REMOTE_CONTEXT{number}", "") for number in count(1))
    offers: list[tuple[Sequence[str], Source]] = [
        (flags, Source.FLAG),
        ([environment.get(VARIABLE, "")], Source.ENVIRONMENT),
        (configured, Source.CONFIG_FILE),
        (list(takewhile(bool, numbered)), Source.NUMBERED),
    ]
    for values, source in offers:
        # A flag with nothing in it is a variable that was not set: it must not stand for other contexts.
        if any(values) or (values and source is Source.FLAG):
            is_exact = source is Source.NUMBERED
            return (list(values) if is_exact else [item for value in values for item in _named(value, source)]), source
    if not current:
        raise UsageError(
            "no context is selected and the kubeconfig sets no current-context",
            hint="choose with --context" if available else "the kubeconfig has no contexts",
        )
    return [current], Source.CURRENT


def _named(value: str, source: Source) -> list[str]:
    found = list(_items(value))
    if not found:
        raise UsageError(f"{value!r} (from {source.value}) names no context")
    return found


def _items(value: str) -> Iterator[str]:
    """Split at commas, but not within a regular expression."""
    return (item for found in _ITEM.finditer(value) if (item := found[1].strip()))


def _matching(patterns: Sequence[str], available: Sequence[str], source: Source, place: str) -> tuple[str, ...]:
    left_out: set[str] = set()
    chosen: dict[str, None] = {}
    for pattern in patterns:
        if pattern.startswith("!") and pattern not in available:
            left_out.update(_matches(pattern[1:], available, source, place))
        else:
            chosen.update(dict.fromkeys(_matches(pattern, available, source, place)))
    # Only exclusions: everything else is meant.
    if all(pattern.startswith("!") and pattern not in available for pattern in patterns):
        chosen = dict.fromkeys(available)
    return tuple(name for name in chosen if name not in left_out)


def _matches(pattern: str, available: Sequence[str], source: Source, place: str) -> list[str]:
    if pattern in available:
        return [pattern]
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        try:
            expression = re.compile(pattern[1:-1])
        except re.error as error:
            raise UsageError(f"{pattern} from {source.value} is no regular expression: {error}") from error
        found = [name for name in available if expression.search(name)]
    elif _GLOB.search(pattern):
        found = [name for name in available if fnmatch.fnmatchcase(name, pattern)]
    else:
        _require_known(pattern, available, source, place)
        found = []
    if not found:
        raise UsageError(f"no context matches {pattern} (from {source.value})", hint=_known(available, place))
    return found


def _require_known(name: str, available: Sequence[str], source: Source, place: str) -> None:
    if name in available:
        return
    near = difflib.get_close_matches(name, available, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else _known(available, place)
    raise UsageError(f'context "{name}" (from {source.value}) is not in {place}', hint=hint)


def _known(available: Sequence[str], place: str, most: int = 8) -> str:
    if not available:
        return f"{place} has no contexts"
    rest = f" and {len(available) - most} more" if len(available) > most else ""
    return f"{place} has {', '.join(available[:most])}{rest}"


def _checked(contexts: tuple[str, ...], source: Source) -> Selection:
    if not contexts:
        raise UsageError(f"no context is left to work on (contexts from {source.value})")
    return Selection(contexts, source)
