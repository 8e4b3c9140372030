"""`segment plan` for people: hosts, callers, references, each in a table; the patches as files."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence

from meshglobal.domain.segment_fixes import Fix
from meshglobal.domain.segment_intent import Action
from meshglobal.domain.segment_plan import CallerChange, HostAt, SegmentPlan
from meshglobal.domain.segment_references import BrokenReference, Effect
from meshglobal.render.screen import Screen, print_table
from meshglobal.render.segment_list import some

_MOST = 20
_EFFECTS = {Effect.BREAKS: "breaks", Effect.OTHERS_ANSWER: "others answer"}


def show_plan(plan: SegmentPlan, out: Screen, *, wide: bool = False) -> None:
    """Print what would change; of long tables only the beginning, unless ``wide``."""
    out.print(_headline(plan))
    if plan.is_empty:
        out.print("No host changes, nothing that names one breaks" + (", as far as was read." if plan.unread else "."))
        _unread(plan, out)
        return
    most = None if wide else _MOST
    hosts = [*_hosts("vanishes", plan.vanishes), *_hosts("appears", plan.appears)]
    _table(out, "Hosts", ("CHANGE", "HOST", "IN", "ANSWERED BY"), hosts, most)
    _table(out, "Who answers callers", ("IN", "CALLED", "NOW", "THEN"), _callers(plan.callers), most)
    references = sorted(plan.references, key=lambda one: one.effect is not Effect.BREAKS)
    columns = ("CONTEXT", "OBJECT", "FIELD", "NAMES", "EFFECT", "INSTEAD")
    _table(out, "References", columns, map(_reference, references), most)
    out.print()
    out.print(_summary(plan))
    _unread(plan, out)


def _unread(plan: SegmentPlan, out: Screen) -> None:
    """What was not read is never called unchanged."""
    if plan.unread:
        out.print(f"unknown, for not all could be read: what changes in and by {some(tuple(plan.unread))}")


def _headline(plan: SegmentPlan) -> str:
    wanted = plan.wanted
    if wanted is None:
        return ""
    where = some(wanted.contexts)
    looked = f"{len(plan.seen)} cluster{'s' * (len(plan.seen) != 1)} looked at"
    match wanted.action:
        case Action.ASSIGN:
            return f"{where} would join segment {wanted.segment}; {looked}"
        case Action.UNASSIGN:
            return f"{where} would go back to the default segment; {looked}"
        case Action.CREATE:
            return f"segment {wanted.segment} with domain {wanted.domain} would be made in {where}; {looked}"
        case Action.DELETE:
            return f"segment {wanted.segment} would be deleted in {where}; {looked}"
        case _:
            return f"the domain of segment {wanted.segment} would become {wanted.domain} in {where}; {looked}"


def _hosts(change: str, hosts: Sequence[HostAt]) -> Iterator[tuple[str, ...]]:
    """A line a host; clusters in which it is alike share one."""
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in hosts:
        name = f"{one.host} (alias)" if one.alias else one.host
        together.setdefault((name, one.publishers), []).append(one.context)
    for (name, publishers), contexts in sorted(together.items()):
        yield change, name, some(contexts), some(publishers)


def _callers(callers: Sequence[CallerChange]) -> Iterator[tuple[str, ...]]:
    together: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for one in callers:
        called = one.host or f"any host of {one.namespace}/{one.service}"
        together.setdefault((called, one.before, one.after), []).append(one.context)
    for (called, before, after), contexts in together.items():
        yield some(contexts), called, some(before), some(after)


def _reference(one: BrokenReference) -> tuple[str, ...]:
    subject = f"{one.kind} {one.namespace}/{one.name}"
    effect = _EFFECTS[one.effect] + (" (perhaps)" if one.doubt else "")
    return one.context, subject, one.field, one.value, effect, one.instead or "-"


def _table(
    out: Screen,
    title: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]],
    most: int | None,
) -> None:
    found = list(rows)
    if not found:
        return
    out.print()
    out.print(f"{title}:", style="bold")
    print_table(out, columns, found[:most])
    if most is not None and len(found) > most:
        out.print(f"and {len(found) - most} more; all of them with -o wide")


def _summary(plan: SegmentPlan) -> str:
    lost = sum(one.instead is None for one in plan.broken)
    text = f"hosts: {len(plan.vanishes)} vanish, {len(plan.appears)} appear; references that break: {len(plan.broken)}"
    return f"{text}, {lost} of them without a host to write instead" if lost else text


def fix_text(fix: Fix, dump: Callable[[object], str]) -> str:
    """The file of a fix: how it is applied, then the patch; ``dump`` writes YAML."""
    words = ("kubectl", "--context", fix.context, "-n", fix.namespace, "patch", fix.resource, fix.name, "--type=json")
    command = " ".join(shlex.join(words).splitlines())
    return f"# {command} --patch-file {shlex.quote(fix.path)}\n{dump(list(fix.operations))}"
