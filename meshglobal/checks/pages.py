"""The documentation of a finding, from its file alone: the page in `docs/findings` and what `explain` prints."""

from __future__ import annotations

from collections.abc import Iterable

from meshglobal.checks.catalogue import Listed
from meshglobal.checks.check import Check
from meshglobal.domain.kinds import Kind


def text_of(listed: Listed) -> str:
    """For a terminal."""
    check = listed.check
    parts = [f"{check.code} {check.slug}: {check.title}", f"level: {check.level}", "", listed.documentation]
    if check.remedy:
        parts += ["", f"remedy: {placeholders(check.remedy)}"]
    parts += ["", f"reads: {_listed(check.needs) or 'no cluster'}"]
    if check.uses:
        parts.append(f"looks, where they were read, at: {_listed(check.uses)}")
    if check.rule:
        parts.append(f"rests on: {check.rule}")
    return "\n".join(parts) + "\n"


def page_of(listed: Listed) -> str:
    """For the documentation."""
    check = listed.check
    parts = [
        f"# {check.code} {check.slug}\n",
        f"**{check.title}** ({check.level}; {listed.area})\n",
        listed.documentation,
    ]
    parts += ["\n## What it says\n", f"> {placeholders(check.summary)}"]
    if check.remedy:
        parts += ["\n## Remedy\n", f"```sh\n{placeholders(check.remedy)}\n```"]
    parts += ["\n## What it rests on\n", _rests_on(check)]
    return "\n".join(parts) + "\n"


def _rests_on(check: Check) -> str:
    if not check.needs:
        return "Reads no cluster."
    rule = f"; rule {check.rule}" if check.rule else ""
    more = f"; looks at {_listed(check.uses)}, where read" if check.uses else ""
    return f"Reads {_listed(check.needs)}{more}{rule}."


def _listed(some: Iterable[Kind]) -> str:
    return ", ".join(kind.name for kind in some)


def placeholders(template: str) -> str:
    """A template with its fields as a reader of manuals expects them: ``{service}`` becomes ``SERVICE``."""
    fields = _Fields()
    return template.format_map(fields)


class _Fields(dict[str, "_Name"]):
    def __missing__(self, key: str) -> _Name:
        return _Name(key.upper())


class _Name(str):
    """A placeholder that no conversion changes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
