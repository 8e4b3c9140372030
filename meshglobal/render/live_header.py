"""What stands above and below: how much of the mesh was read, counts, what is chosen, the last change, the keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.changes import HostChange
from meshglobal.domain.report import ClusterReport, Summary
from meshglobal.render.changes import state_text
from meshglobal.render.live_rows import Kind, arrow
from meshglobal.render.live_state import Live, News, Sheet
from meshglobal.render.live_text import GAP, Line, Span, clipped, line, that_fit, width_of
from meshglobal.render.screen import STYLES

_DOUBT = STYLES["Unknown"]
_FEW = 3
_KEYS = ("q quit", "Enter open", "/ filter", "f all/wrong/unknown", "n namespace", "s sort", "p pause", "? help")
_PAGE_KEYS = ("Esc back", "↑↓ scroll", "? help")
_FIELDS = {"text": "filter", "namespace": "namespace"}


def header(state: Live, most: int) -> list[Line]:
    """At most so many lines: first of all how much was read; of the rest what matters more."""
    news = state.news
    if news is None:
        return [clipped(line(_place(state)), state.size.width)][:most]
    unread = list(unread_texts(news))
    wanted: list[tuple[int, Line]] = [(0, _title(state, news)), (3, _counts(state, news))]
    if state.choice.is_filtered:
        wanted.append((1, _choice(state)))
    for number, text in enumerate(unread[: _FEW if len(unread) <= _FEW else _FEW - 1]):
        wanted.append((2 + 3 * number, line(text, _DOUBT)))
    if len(unread) > _FEW:
        wanted.append((9, line(f"and {len(unread) - _FEW + 1} more that could not be read (c: all of them)", _DOUBT)))
    if state.history:
        wanted.append((4, _last(state.history[0])))
    ranks = sorted(rank for rank, _ in wanted)[:most]
    kept = [spans for rank, spans in wanted if rank in ranks][:most]
    return [clipped(spans, state.size.width) for spans in kept]


def footer(state: Live) -> Line:
    """The keys, or what is being typed."""
    if state.prompt is not None:
        text = getattr(state.choice, state.prompt.field)
        typed = (Span(f"{_FIELDS[state.prompt.field]}: ", "bold"), Span(text), Span(" ", "reverse"))
        return clipped((*typed, Span("  (Enter keeps it, Esc drops it)")), state.size.width)
    if state.page is not None:
        return line(that_fit(_PAGE_KEYS if state.page.sheet is not Sheet.HELP else _PAGE_KEYS[:2], state.size.width))
    rows = state.rows.rows
    place = f"{min(state.selected + 1, len(rows))}/{len(rows)}"
    return line(that_fit((place, *_KEYS), state.size.width))


def remark(state: Live) -> Line:
    """What is said of the row that the cursor is on."""
    rows = state.rows.rows
    if state.selected >= len(rows):
        return line()
    row = rows[state.selected]
    found = [one for one in row.group.cells if one.reason] if not row.group.is_sum else []
    text = f"{found[0].context}: {found[0].reason}" if found else ""
    return line(text, "" if not found or found[0].state is None else STYLES[found[0].state])


def unread_texts(news: News) -> Iterator[str]:
    """What could not be read and why, alike clusters together; at the end those of which nothing has been heard yet."""
    alike: dict[str, list[str]] = {}
    for cluster in news.inventory.clusters:
        if cluster.context not in news.unread:
            for text in cluster_failures(cluster):
                alike.setdefault(text, []).append(cluster.context)
    for text, contexts in alike.items():
        yield f"{_named(contexts)}: {text}"
    if news.unread:
        yield f"not read yet: {_named(news.unread)}"


def cluster_failures(cluster: ClusterReport) -> Iterator[str]:
    """What could not be read in a cluster and why, each reason once."""
    reasons: dict[str, list[str]] = {}
    for one in cluster.unread:
        reasons.setdefault(f"{one.failure.message} ({one.failure.cause})", []).append(one.kind or "")
    for reason, kinds in reasons.items():
        what = ", ".join(dict.fromkeys(filter(None, kinds)))
        yield f"{what} could not be read: {reason}".lstrip()


def _named(contexts: Sequence[str]) -> str:
    more = f" and {len(contexts) - _FEW} more" if len(contexts) > _FEW else ""
    return ", ".join(contexts[:_FEW]) + more


def _place(state: Live) -> str:
    return f"Global services {state.place}".rstrip()


def _title(state: Live, news: News) -> Line:
    summary = news.inventory.summary
    is_complete = summary.clusters_read == summary.clusters
    read = Span(f"{summary.clusters_read} of {summary.clusters} clusters read", "bold" if is_complete else _DOUBT)
    is_narrow = width_of(read.text) + len(GAP) + width_of(_place(state)) > state.size.width
    spans = (read, Span(f"{GAP}{state.place if is_narrow else _place(state)}"))
    if not state.is_paused:
        return spans
    held = f", {len(state.held.changes)} changes since" if state.held is not None and state.held.changes else ""
    return (Span(f" PAUSED{held} (p: go on) ", "reverse"), Span(GAP), *spans)


def _counts(live: Live, news: News) -> Line:
    """The column that is sorted by may be one that does not fit."""
    spans: list[Span] = []
    for state, count in _by_state(news.inventory.summary):
        spans += [Span(", " if spans else ""), Span(f"{count} {state.lower()}", STYLES[state])]
    if not spans:
        spans.append(Span("no global host"))
    levels = [one.level.value for one in news.findings]
    found = [(levels.count(level), level) for level in ("error", "warning", "unknown")]
    told = ", ".join(f"{count} {level}" for count, level in found if count)
    order = f"{GAP}by {live.choice.sort}{arrow(live.choice)}" if live.choice.sort else ""
    return (*spans, Span(f"{GAP}findings: {told}" if told else ""), Span(order))


def _by_state(summary: Summary) -> Iterator[tuple[str, int]]:
    for state in STYLES:
        if count := getattr(summary, state.lower()):
            yield state, count


def _choice(state: Live) -> Line:
    choice = state.choice
    parts = [
        f"text {choice.text.strip()!r}" if choice.text.strip() else "",
        f"namespace {choice.namespace!r}" if choice.namespace else "",
        choice.kind.value if choice.kind is not Kind.ALL else "",
    ]
    return (Span("only: ", "bold"), Span(", ".join(filter(None, parts))), Span(f"{GAP}(Esc: all)"))


def _last(change: HostChange) -> Line:
    before, after = state_text(change.before), state_text(change.after)
    reason = f"{GAP}{change.reason}" if change.reason else ""
    return (
        Span(f"{change.time[11:]}{GAP}{change.host}{GAP}{change.context}{GAP}"),
        Span(*before),
        Span(" -> "),
        Span(*after),
        Span(reason),
    )
