"""What the live table opens: one service in full, the clusters, and the keys; as lines that fit the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshglobal.domain.finding import Finding, Level
from meshglobal.domain.inventory import Cell, GlobalService, Inventory
from meshglobal.domain.names import ServiceKey
from meshglobal.domain.report import ClusterReport
from meshglobal.domain.verdict import SEVERITIES
from meshglobal.render.changes import state_text
from meshglobal.render.inventory import cell_details, hosts_text
from meshglobal.render.live_header import cluster_failures
from meshglobal.render.live_rows import RowKey
from meshglobal.render.live_state import Live, News, Page, Sheet
from meshglobal.render.live_text import GAP, Line, Span, clipped, line, wrapped
from meshglobal.render.screen import STYLES

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.UNKNOWN: "bold yellow"}
_TITLE = 14
_LATEST = 8
_HELP: tuple[tuple[str, str], ...] = (
    ("↑ ↓ j k", "one row up, one row down"),
    ("PgUp PgDn Space", "one screen up, one screen down"),
    ("Home End g G", "the first row, the last row"),
    ("Enter", "open the service: all that is known of it in each cluster, and what mends it"),
    ("c", "the clusters: what could not be read, why, and what to do"),
    ("/", "show rows with these words in namespace, name, host or context"),
    ("n", "show namespaces with this in their name"),
    ("f", "all rows; those that are wrong; those that are unknown"),
    ("s S", "sort by the next column; turn the order around"),
    ("w", "a line for each cluster, with host and entry; or not"),
    ("p", "pause: hold still, or go on"),
    ("Ctrl-L", "draw the screen anew"),
    ("Esc", "back; then: all rows"),
    ("q", "back; then: quit (Ctrl-C quits at once)"),
)
_SIGNS: tuple[tuple[str, str], ...] = (
    (">", "the row that Enter opens"),
    ("*", "something in this row changed in the last seconds; it is shown reversed"),
    ("!", "something was found about the service: Enter shows it"),
    ("?", "something is not known, because it could not be read"),
)


def page_lines(state: Live, page: Page) -> list[Line]:
    """All lines of a page, however many the terminal shows at once."""
    if page.sheet is Sheet.HELP:
        found = _help(state.size.width)
    elif state.news is None:
        found = iter([line("reading the clusters...")])
    elif page.sheet is Sheet.CLUSTERS:
        found = _clusters(state.news.inventory.clusters, state.news.unread, state.size.width)
    else:
        found = _service(state, state.news, page.about)
    return [clipped(spans, state.size.width) for spans in found]


def _help(width: int) -> Iterator[Line]:
    yield line("Keys", "bold")
    for key, meaning in _HELP:
        yield from _entry(key, meaning, width, 18)
    yield line()
    yield line("Signs", "bold")
    for sign, meaning in _SIGNS:
        yield from _entry(sign, meaning, width, 18)


def _clusters(clusters: Sequence[ClusterReport], waiting: Sequence[str], width: int) -> Iterator[Line]:
    yield line("Clusters", "bold")
    for cluster in clusters:
        also = f" (also {', '.join(cluster.aliases)})" if cluster.aliases else ""
        if not cluster.unread:
            yield from _folded(f"{cluster.context}{also}: read", width)
        elif cluster.context in waiting:
            yield from _folded(f"{cluster.context}: not read yet", width, STYLES["Unknown"])
        else:
            for said in cluster_failures(cluster):
                yield from _folded(f"{cluster.context}{also}: {said}", width, STYLES["Unknown"])
            for step in dict.fromkeys(one.failure.next_step for one in cluster.unread if one.failure.next_step):
                yield from _folded(f"  next: {step}", width)


def _service(state: Live, news: News, about: RowKey) -> Iterator[Line]:
    width = state.size.width
    name = f"{about.namespace}/{about.name}"
    yield line(name, "bold")
    inventory = news.inventory
    found = [one for one in inventory.services if (one.namespace, one.name) == (about.namespace, about.name)]
    if not found:
        is_complete = inventory.summary.clusters_read == inventory.summary.clusters
        where = "any more" if is_complete else "any more in what can be read"
        yield from _folded(f"It is not a global service {where}.", width)
    for service in found:
        yield from _hosts(service, width)
    yield from _findings(state.noted.get(ServiceKey(about.namespace, about.name), ()), width)
    for service in found:
        for cell in _in_order(service.cells, about.context):
            yield from _cell(cell, inventory, state)
    yield from _history(state, about)
    yield line()
    yield from _folded(f"more: meshglobal diagnose svc {about.name} -n {about.namespace}", width)


def _hosts(service: GlobalService, width: int) -> Iterator[Line]:
    yield from _entry("Hosts:", hosts_text(service), width)
    if service.aliases:
        yield from _entry("Aliases:", ", ".join(service.aliases), width)


def _findings(found: Sequence[Finding], width: int) -> Iterator[Line]:
    for one in found:
        where = f"{one.context}: " if one.context else ""
        rule = f" ({one.rule})" if one.rule else ""
        yield line()
        yield from _folded(f"{one.level}: {where}{one.message} [{one.code}]{rule}", width, _STYLES[one.level])
        if one.remedy:
            yield from _folded(f"  next: {one.remedy}", width)


def _in_order(cells: Sequence[Cell], first: str) -> list[Cell]:
    """The cluster of the row that was opened, then the worst."""

    def rank(cell: Cell) -> tuple[bool, int]:
        return cell.context != first, -SEVERITIES[cell.state] if cell.state is not None else 1

    return sorted(cells, key=rank)


def _cell(cell: Cell, inventory: Inventory, state: Live) -> Iterator[Line]:
    text, style = state_text(cell.state)
    yield line()
    yield (Span(f"Cluster {cell.context}{GAP}", "bold"), Span(text, style))
    for title, said in cell_details(cell, inventory, state.now):
        yield from _entry(f"  {title}:", said, state.size.width)


def _history(state: Live, about: RowKey) -> Iterator[Line]:
    found = [one for one in state.history if (one.namespace, one.service) == (about.namespace, about.name)]
    if not found:
        return
    yield line()
    yield line("Changes since the table was opened", "bold")
    for one in found[:_LATEST]:
        change = f"{state_text(one.before)[0]} -> {state_text(one.after)[0]}"
        reason = f"{GAP}{one.reason}" if one.reason else ""
        yield from _folded(f"  {one.time}  {one.context}  {change}{reason}", state.size.width)


def _entry(title: str, text: str, width: int, indent: int = _TITLE + 2) -> Iterator[Line]:
    """A title and its text beside it, or below it where the terminal is narrow."""
    if width >= 2 * indent:
        for number, piece in enumerate(wrapped(text, width - indent)):
            yield line(f"{'' if number else title:<{indent}}{piece}")
        return
    yield line(title)
    for piece in wrapped(text, width - 2):
        yield line(f"  {piece}")


def _folded(text: str, width: int, style: str = "") -> Iterator[Line]:
    """A text on as many lines as it takes; it keeps its indentation, and further lines have more."""
    indent = min(len(text) - len(text.lstrip()), max(0, width - 1))
    for piece in wrapped(text.lstrip(), width - indent, 2):
        yield line(f"{' ' * indent}{piece}", style)
