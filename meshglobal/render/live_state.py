"""All that decides what the live table shows. Every step from one state to the next is a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from meshglobal.domain.changes import Change, HostChange
from meshglobal.domain.finding import Finding
from meshglobal.domain.inventory import Inventory
from meshglobal.render.live_rows import Choice, Noted, RowKey, Rows


class Size(NamedTuple):
    """Of the terminal, in columns and lines."""

    width: int
    height: int


class News(NamedTuple):
    """What the clusters say now.

    Attributes:
        inventory: the rows.
        findings: all that was found.
        changes: since the news before.
        unread: contexts of which nothing has been heard yet.
    """

    inventory: Inventory
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    unread: tuple[str, ...] = ()


class Mark(NamedTuple):
    """Which columns of a row changed, and until when that is shown (seconds since the epoch)."""

    columns: frozenset[str]
    until: float


class Sheet(StrEnum):
    """What is shown instead of the table."""

    SERVICE = "service"
    CLUSTERS = "clusters"
    HELP = "help"


class Page(NamedTuple):
    """A sheet; of a service: which row it was opened from."""

    sheet: Sheet
    about: RowKey = RowKey("", "", "")
    scroll: int = 0


class Prompt(NamedTuple):
    """A line that is being typed: into which field of the choice, and the choice that Esc goes back to."""

    field: str
    before: Choice


@dataclass(frozen=True, slots=True)
class Live:
    """The state of the live table.

    Attributes:
        size: of the terminal.
        place: where services are looked for, such as "in namespace bookinfo".
        now: seconds since the epoch.
        news: what is shown; None: nothing has been read yet.
        held: what came while it is paused.
        is_paused: news are held back.
        noted: the findings by service.
        choice, rows: what is shown, and the rows that follow from it.
        marks: which cells changed lately.
        history: changes of hosts, the newest first.
        selected, top: the row the cursor is on, and the first that is drawn, counted from 0.
        page: what is shown instead of the table.
        prompt: what is being typed.
        is_over: somebody wants to leave.
    """

    size: Size
    place: str = ""
    now: float = 0.0
    news: News | None = None
    held: News | None = None
    is_paused: bool = False
    noted: Noted = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)
    rows: Rows = field(default_factory=Rows)
    marks: Mapping[RowKey, Mark] = field(default_factory=dict)
    history: tuple[HostChange, ...] = ()
    selected: int = 0
    top: int = 0
    page: Page | None = None
    prompt: Prompt | None = None
    is_over: bool = False
