"""What a check is: its type, its one pure function, and how the function says what it found.

A check is one file ``checks/<area>/mgNNN_<slug>.py``. Its docstring is its documentation page. It makes one `Check`
named ``CHECK`` and decorates one function with it::

    CHECK = Check("MG101", "label-missing", ...)

    @CHECK
    def find(mesh: Mesh) -> Iterator[Finding]: ...
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from meshglobal.checks.mesh import Mesh
from meshglobal.domain.finding import Evidence, Finding, Level
from meshglobal.domain.kinds import Kind
from meshglobal.domain.names import ServiceKey

Find = Callable[[Mesh], Iterator[Finding]]

# An annotation may hold 256 KiB; a name at most 253 letters.
_LONGEST = 1000
_LONGEST_COMMAND = 4000
_NAMES = ("context", "context_list", "context_of_one", "contexts", "namespace", "peer", "service")


@dataclass(slots=True)
class Check:
    """One kind of finding.

    Attributes:
        code: ``MG`` and three digits; the first is the band (1 exposure, 2 generated entries, 3 peering, 4 network,
            segments and routes, 5 traffic and drills, 6 access and coverage).
        slug: the same in words.
        title: what is wrong, in a few words.
        level: how bad.
        summary, remedy: templates of the finding's message and remedy, filled in with ``str.format``.
        needs: the kinds that must be read for it.
        uses: further kinds that it looks at where they were read, to say more or to mend better.
        rule: the rules of the reference that it rests on.
    """

    code: str
    slug: str
    title: str
    level: Level
    summary: str
    remedy: str
    needs: tuple[Kind, ...] = ()
    uses: tuple[Kind, ...] = ()
    rule: str = ""
    find: Find = field(init=False)

    def __call__(self, find: Find) -> Find:
        """Decorate the check's function."""
        self.find = find
        return find

    def finding(
        self,
        *,
        context: str | None = None,
        key: ServiceKey | None = None,
        evidence: tuple[Evidence, ...] = (),
        **values: object,
    ) -> Finding:
        """A finding of this check; ``values`` fill in the templates, beside context, namespace and service.

        A ``key`` without a name stands for the Namespace as a whole.
        """
        words: dict[str, Any] = {
            "context": context,
            "namespace": key.namespace if key is not None else None,
            "service": key.name if key is not None else None,
        } | values
        # What is a command must reach it as one word, whatever a context is called.
        remedy = self.remedy.format(**words | {name: shlex.quote(words[name]) for name in _NAMES if words.get(name)})
        return Finding(
            code=self.code,
            slug=self.slug,
            level=self.level,
            # The reason of a verdict ends with its rule, and that of a finding stands beside its message.
            message=self.summary.format(**{name: _cut(value) for name, value in words.items()}).removesuffix(
                f" ({self.rule})"
            ),
            remedy=remedy if len(remedy) <= _LONGEST_COMMAND else "",
            context=context,
            namespace=key.namespace if key is not None else None,
            service=key.name or None if key is not None else None,
            evidence=tuple(map(_brief, evidence)),
            rule=self.rule,
        )


def _cut(value: object) -> object:
    """A value as a message quotes it."""
    return value if not isinstance(value, str) or len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"


def _brief(seen: Evidence) -> Evidence:
    if all(len(text) <= _LONGEST for text in (seen.field, seen.value or "", seen.expected or "")):
        return seen
    cut = {name: _cut(getattr(seen, name)) for name in ("field", "value", "expected")}
    return msgspec.structs.replace(seen, **cut)
