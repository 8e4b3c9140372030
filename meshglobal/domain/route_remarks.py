"""What is wrong, doubtful or not known about a route in one cluster, gathered while it is planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from meshglobal.domain.finding import Level


class RouteRemark(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One remark; ``slug`` tells machines what it is, ``remedy`` people what to do."""

    context: str
    level: Level
    slug: str
    message: str
    remedy: str = ""


@dataclass(slots=True)
class Remarks:
    """The remarks about one cluster, each once."""

    context: str
    said: list[RouteRemark] = field(default_factory=list)

    def error(self, slug: str, message: str, remedy: str = "") -> None:
        """Something is wrong: the route would not do what it is for."""
        self._add(Level.ERROR, slug, message, remedy)

    def warning(self, slug: str, message: str, remedy: str = "") -> None:
        """Something is doubtful."""
        self._add(Level.WARNING, slug, message, remedy)

    def unknown(self, slug: str, message: str) -> None:
        """Something could not be looked at."""
        self._add(Level.UNKNOWN, slug, message, "")

    def _add(self, level: Level, slug: str, message: str, remedy: str) -> None:
        found = RouteRemark(context=self.context, level=level, slug=slug, message=message, remedy=remedy)
        if found not in self.said:
            self.said.append(found)


def worst_level(remarks: Iterable[RouteRemark]) -> Level | None:
    """The worst level: an error, else something unknown, else a warning; None where there is no remark."""
    levels = {one.level for one in remarks}
    return next((level for level in (Level.ERROR, Level.UNKNOWN, Level.WARNING) if level in levels), None)
