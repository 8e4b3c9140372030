"""The date on a server's answer, held against our clock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple


class Dated(NamedTuple):
    """When an answer came by our clock (seconds since the epoch), and by how much the server's was ahead of it."""

    here: float
    skew: float | None


def dated(headers: Mapping[str, str]) -> Dated:
    """The date of an answer that has just come. Servers tell whole seconds; without a date nothing is known."""
    here = time.time()
    try:
        there = parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return Dated(here, None)
    return Dated(here, there - here)
